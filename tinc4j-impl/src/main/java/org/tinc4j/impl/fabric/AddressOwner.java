package org.tinc4j.impl.fabric;

/** Whoever a packet to an address comes to. */
sealed interface AddressOwner permits Host, NatBox {}
