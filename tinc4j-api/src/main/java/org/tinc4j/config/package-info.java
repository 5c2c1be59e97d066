/**
 * Immutable settings, and the files of an existing tinc directory. Pure: no socket, no thread; files are touched only by the read and
 * write methods of {@link org.tinc4j.config.TincDirectory} and {@link org.tinc4j.config.HostFile}.
 *
 * <p>{@code TincDirectory.read(Path.of("/etc/tinc/corp")).builder()} makes a node of a directory that C tinc uses too;
 * {@code HostFile.of(name, key.publicKey()).subnet("10.7.0.5/32").export()} is what to send to the others.
 */
package org.tinc4j.config;
