/**
 * Wiring: a daemon that stands in for {@code tincd}, around a node of the library's public API.
 *
 * <p>{@link org.tinc4j.daemon.Main} reads the command line; {@code Daemon} starts the node, waits for signals and stops it; {@code
 * Changes} is what a reload comes to; {@code MeshScripts} decides which script runs when, and {@code Scripts} runs it.
 *
 * <p><b>Threads.</b> The main thread owns the node and waits for signals; one thread named {@code scripts} gets the node's events and runs
 * all scripts, one after the other.
 */
package org.tinc4j.daemon;
