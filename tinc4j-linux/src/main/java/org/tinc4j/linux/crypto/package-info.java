/**
 * Driver: the ciphers of the system's libcrypto as {@link org.tinc4j.spi.KeyedAead}; may import java, SLF4J, org.tinc4j and the other
 * packages of this module.
 *
 * <pre>
 * LibcryptoProvider   says whether, and opens     Algorithms       what is fetched once in a process
 * ChaChaPoly          tinc's own construction     Contexts         native contexts, freed once
 * AesGcm              AES-256-GCM                 PacketMemory     addresses of packets
 * LibcryptoAead       what the two have alike
 * </pre>
 */
package org.tinc4j.linux.crypto;
