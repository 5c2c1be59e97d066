/**
 * Pure: any thread, except where a type says it is for one thread. May import {@code org.tinc4j}, the JCA and BouncyCastle.
 *
 * <p>AEAD, key agreement, signatures and key derivation of SPTPS. The one thing here that is not a function of its arguments is
 * {@link org.tinc4j.impl.crypto.EntropySource#system()}, the port through which random bytes come in.
 */
package org.tinc4j.impl.crypto;
