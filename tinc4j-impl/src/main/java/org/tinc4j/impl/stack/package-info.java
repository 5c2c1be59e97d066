/**
 * Machine: confined to the thread that owns the stack; imports {@code java.base}, {@code org.tinc4j}, {@code org.tinc4j.spi} and
 * {@code impl.wire} only. What a kernel would do for a node that has none: answer and ask on the overlay's addresses.
 */
package org.tinc4j.impl.stack;
