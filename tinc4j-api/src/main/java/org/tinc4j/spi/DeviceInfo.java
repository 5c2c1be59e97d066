package org.tinc4j.spi;

/**
 * What a packet device is.
 *
 * @param kind {@code tun}, {@code in-process}, {@code none} or an embedder's own word
 * @param name interface name, or the kind where there is no interface
 * @param mtuBytes largest packet it takes, in bytes
 * @param note why it is this device and not another, or what the kernel refused; empty when there is nothing to say
 */
public record DeviceInfo(String kind, String name, int mtuBytes, String note) {}
