/**
 * Pure; any thread; imports {@code java.base}, {@code org.tinc4j}, {@code org.tinc4j.spi}, {@code impl.wire} and {@code impl.graph} only.
 * What routing does to an inner packet: where it goes, and what is changed or answered on the way.
 */
package org.tinc4j.impl.route;
