/** Immutable settings, and the files of an existing tinc directory. Pure: no socket, no thread. */
package org.tinc4j.config;
