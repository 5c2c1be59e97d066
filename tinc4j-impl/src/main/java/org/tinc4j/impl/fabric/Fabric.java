package org.tinc4j.impl.fabric;

import java.util.Collection;
import java.util.List;
import java.util.random.RandomGenerator;
import org.tinc4j.testing.LinkConditions;
import org.tinc4j.testing.NatKind;

/** The network between hosts: who is there, how the links are, who is cut from whom. Everything may change while it runs. */
public final class Fabric {

    /**
     * An empty network, with {@link LinkConditions#DEFAULT} on every link.
     *
     * @param random decides over loss and the like; seeded, if runs shall be alike
     * @param observer {@link FabricObserver#NONE} costs nothing
     */
    public Fabric(Timeline timeline, RandomGenerator random, FabricObserver observer) {}

    /** A new host with a public address, {@code 198.18.x.y}. */
    public Host host(String name) {
        throw new UnsupportedOperationException();
    }

    /** A new host behind a NAT box, with a private address, {@code 192.168.n.m}. Hosts behind the same box reach each other directly. */
    public Host host(String name, NatBox nat) {
        throw new UnsupportedOperationException();
    }

    /** A new NAT box with a public address, {@code 198.19.x.y}. */
    public NatBox nat(String name, NatKind kind) {
        throw new UnsupportedOperationException();
    }

    /** All hosts, in the order they were made. */
    public List<Host> hosts() {
        throw new UnsupportedOperationException();
    }

    /** All NAT boxes, in the order they were made. */
    public List<NatBox> nats() {
        throw new UnsupportedOperationException();
    }

    /** The conditions of every link without its own. */
    public LinkConditions conditions() {
        throw new UnsupportedOperationException();
    }

    /** Changes the conditions of every link without its own. */
    public void conditions(LinkConditions all) {
        throw new UnsupportedOperationException();
    }

    /** The conditions in force in one direction. */
    public LinkConditions conditions(Host from, Host to) {
        throw new UnsupportedOperationException();
    }

    /** Gives a link its own conditions, in both directions. */
    public void conditions(Host one, Host other, LinkConditions own) {
        throw new UnsupportedOperationException();
    }

    /** Gives one direction of a link its own conditions. */
    public void conditionsOneWay(Host from, Host to, LinkConditions own) {
        throw new UnsupportedOperationException();
    }

    /** Takes a link's own conditions away, in both directions: those of all links count again. */
    public void resetConditions(Host one, Host other) {
        throw new UnsupportedOperationException();
    }

    /** Lets nothing through from any host of one group to any of the other. What is under way is lost; streams stall. */
    public void cut(Collection<Host> from, Collection<Host> to) {
        throw new UnsupportedOperationException();
    }

    /** {@link #cut} in both directions. */
    public void partition(Collection<Host> group, Collection<Host> others) {
        throw new UnsupportedOperationException();
    }

    /** Undoes {@link #cut} for these directions. Streams go on within a second. */
    public void healOneWay(Collection<Host> from, Collection<Host> to) {
        throw new UnsupportedOperationException();
    }

    /** {@link #healOneWay} in both directions. */
    public void heal(Collection<Host> group, Collection<Host> others) {
        throw new UnsupportedOperationException();
    }

    /** Undoes every cut. */
    public void healAll() {
        throw new UnsupportedOperationException();
    }

    /** Whether nothing passes from one host to the other. */
    public boolean isCut(Host from, Host to) {
        throw new UnsupportedOperationException();
    }

    /**
     * Takes a host's power. Its sockets are gone without a word to anybody, and their sinks hear no more. Whoever sends on a stream to it learns of it
     * by a reset, once the host is up again. Idempotent.
     */
    public void down(Host host) {
        throw new UnsupportedOperationException();
    }

    /** Gives a host its power back, without any socket. Idempotent. */
    public void up(Host host) {
        throw new UnsupportedOperationException();
    }

    /** Every direction of a link that has its own conditions or is cut, by host. */
    public List<LinkState> specialLinks() {
        throw new UnsupportedOperationException();
    }
}
