/**
 * Machine: one thread per session. May import {@code org.tinc4j} and {@code org.tinc4j.impl.crypto}.
 *
 * <p>SPTPS: handshake and rekey, records sealed and opened, replay window. No clock, no I/O; randomness comes in through
 * {@link org.tinc4j.impl.crypto.EntropySource}, and what goes out through {@link org.tinc4j.impl.sptps.SptpsSink}.
 *
 * <pre>
 * StreamSession   (meta connection, invitation)  \
 *                                                  Handshake    the messages, whatever carries them
 * DatagramSession (two nodes, end to end)        /
 *   DatagramCipher  its keys, counter and window; shared with the data path
 * </pre>
 *
 * <p>One exception from the kind: {@link org.tinc4j.impl.sptps.DatagramCipher} is shared between the session's thread and the threads of
 * the data path, so it holds an atomic counter and a lock.
 */
package org.tinc4j.impl.sptps;
