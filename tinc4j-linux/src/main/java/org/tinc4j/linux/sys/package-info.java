/**
 * Native: one method per system call, struct layouts, errno; may import java.nio, java.util.Set, jnr and com.kenai.jffi, on any thread.
 *
 * <p>Every call returns what the C function returns, or the negated errno. Nothing here retries, logs or knows what a descriptor is
 * for. Memory is passed as the address of a direct {@link java.nio.ByteBuffer}; the caller keeps the buffer reachable.
 */
package org.tinc4j.linux.sys;
