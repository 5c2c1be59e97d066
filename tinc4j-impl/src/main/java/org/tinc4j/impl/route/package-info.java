/**
 * Pure: any thread; imports {@code java.base}, {@code org.tinc4j}, {@code org.tinc4j.spi}, {@code impl.wire} and {@code impl.graph} only.
 * What routing does to an inner packet: where it goes, and what is changed or answered on the way.
 *
 * <p>The exception is {@link org.tinc4j.impl.route.Tunnel}, the one place where control and data threads meet: a routing table leads to
 * it, so it stands here, and it holds the cipher of {@code impl.sptps}. {@link org.tinc4j.impl.route.ConfirmedAddresses} is of its kind.
 */
package org.tinc4j.impl.route;
