/**
 * Pure: what runs of packets are cut into and joined from; may import java and org.tinc4j.spi, on any thread. Bytes and numbers only, no
 * system calls.
 */
package org.tinc4j.linux.offload;
