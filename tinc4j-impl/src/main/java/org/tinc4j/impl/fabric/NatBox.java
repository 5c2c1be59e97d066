package org.tinc4j.impl.fabric;

import java.net.InetAddress;
import org.tinc4j.testing.NatKind;

/** A box that translates addresses for the hosts behind it. */
public final class NatBox {

    private final String name;
    private final NatKind kind;
    private final InetAddress address;

    NatBox(String name, NatKind kind, InetAddress address) {
        this.name = name;
        this.kind = kind;
        this.address = address;
    }

    /** As it was given. */
    public String name() {
        return name;
    }

    /** How it maps and filters. */
    public NatKind kind() {
        return kind;
    }

    /** Its public address. */
    public InetAddress address() {
        return address;
    }

    /** How many UDP mappings it holds now. */
    public int mappings() {
        throw new UnsupportedOperationException();
    }

    @Override
    public String toString() {
        return name + " " + address.getHostAddress() + " " + kind;
    }
}
