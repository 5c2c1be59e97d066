/**
 * Pure: any thread; imports {@code java.base}, {@code org.tinc4j} and {@code org.tinc4j.spi} only. Bytes and text as they travel: meta
 * request lines, IP headers, checksums.
 */
package org.tinc4j.impl.wire;
