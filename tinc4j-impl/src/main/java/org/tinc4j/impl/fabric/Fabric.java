package org.tinc4j.impl.fabric;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.tinc4j.testing.LinkConditions;
import org.tinc4j.testing.NatKind;

/** The network between hosts: who is there, how the links are, who is cut from whom. Everything may change while it runs. */
public final class Fabric {

    /** Hosts of a network whose addresses end in 1 to 254. */
    private static final int ADDRESSES_OF_A_BYTE = 254;

    /** What has no payload. */
    static final byte[] NO_BYTES = {};

    private static final int MAX_NUMBER = 256 * ADDRESSES_OF_A_BYTE;

    private final Timeline timeline;
    private final FabricObserver observer;
    private final Links links;
    private final List<Host> hosts = new ArrayList<>();
    private final List<NatBox> nats = new ArrayList<>();

    /** Only ever looked up, never gone through. */
    private final Map<InetAddress, AddressOwner> owners = new HashMap<>();

    private int publicHosts;

    /**
     * An empty network, with {@link LinkConditions#DEFAULT} on every link.
     *
     * @param random decides over loss and the like; seeded, if runs shall be alike
     * @param observer {@link FabricObserver#NONE} costs nothing
     */
    public Fabric(Timeline timeline, RandomGenerator random, FabricObserver observer) {
        this.timeline = timeline;
        this.observer = observer;
        this.links = new Links(random);
    }

    /**
     * A new host with a public address, {@code 198.18.x.y}.
     *
     * @throws IllegalStateException after 65024 of them
     */
    public Host host(String name) {
        return add(new Host(this, name, hosts.size(), numbered(18, publicHosts++), Optional.empty()));
    }

    /**
     * A new host behind a NAT box, with a private address, {@code 192.168.n.m}; {@code 10.x.y.m} from the 257th box on. Hosts behind the same box reach
     * each other directly.
     *
     * @throws IllegalStateException after 254 of them behind one box
     */
    public Host host(String name, NatBox nat) {
        int box = nats.indexOf(nat);
        if (box < 0) {
            throw new IllegalArgumentException(nat + " is of another network; make it with nat() of this one");
        }
        int number = nat.nextHostNumber();
        InetAddress address = box < 256 ? address(192, 168, box, number) : address(10, box >> 8, box & 0xff, number);
        return add(new Host(this, name, hosts.size(), address, Optional.of(nat)));
    }

    /**
     * A new NAT box with a public address, {@code 198.19.x.y}.
     *
     * @throws IllegalStateException after 65024 of them
     */
    public NatBox nat(String name, NatKind kind) {
        NatBox nat = new NatBox(this, name, kind, numbered(19, nats.size()));
        nats.add(nat);
        owners.put(nat.address(), nat);
        return nat;
    }

    private Host add(Host host) {
        hosts.add(host);
        owners.put(host.address(), host);
        return host;
    }

    /** RFC 2544, appendix C.2.2: 198.18.0.0 to 198.19.255.255 "assigned to the BMWG by the IANA" for tests of networks. */
    private static InetAddress numbered(int second, int number) {
        if (number >= MAX_NUMBER) {
            throw new IllegalStateException("there are " + number + " addresses in 198." + second + ".0.0/16 already, and no more");
        }
        return address(198, second, number / ADDRESSES_OF_A_BYTE, number % ADDRESSES_OF_A_BYTE + 1);
    }

    private static InetAddress address(int a, int b, int c, int d) {
        try {
            return InetAddress.getByAddress(new byte[] {(byte) a, (byte) b, (byte) c, (byte) d});
        } catch (UnknownHostException e) {
            throw new AssertionError("four bytes are an address", e);
        }
    }

    /** All hosts, in the order they were made. */
    public List<Host> hosts() {
        return Collections.unmodifiableList(hosts);
    }

    /** All NAT boxes, in the order they were made. */
    public List<NatBox> nats() {
        return Collections.unmodifiableList(nats);
    }

    /** The conditions of every link without its own. */
    public LinkConditions conditions() {
        return links.all();
    }

    /** Changes the conditions of every link without its own. Like every change it counts for what is sent from then on. */
    public void conditions(LinkConditions all) {
        links.all(all);
    }

    /** The conditions in force in one direction. */
    public LinkConditions conditions(Host from, Host to) {
        return links.figures(from, to).conditions();
    }

    /** Gives a link its own conditions, in both directions. */
    public void conditions(Host one, Host other, LinkConditions own) {
        conditionsOneWay(one, other, own);
        conditionsOneWay(other, one, own);
    }

    /** Gives one direction of a link its own conditions. */
    public void conditionsOneWay(Host from, Host to, LinkConditions own) {
        if (from == to) {
            throw new IllegalArgumentException("there is no link from " + from + " to itself");
        }
        links.make(from, to).own(LinkFigures.of(own));
    }

    /** Takes a link's own conditions away, in both directions: those of all links count again. */
    public void resetConditions(Host one, Host other) {
        links.make(one, other).own(null);
        links.make(other, one).own(null);
    }

    /**
     * Lets nothing through from any host of one group to any of the other. What is under way is lost; streams stall. A host in both groups is not
     * cut from itself.
     */
    public void cut(Collection<Host> from, Collection<Host> to) {
        for (Host sender : from) {
            for (Host receiver : to) {
                if (sender != receiver) {
                    links.make(sender, receiver).cut();
                }
            }
        }
    }

    /** {@link #cut} in both directions. */
    public void partition(Collection<Host> group, Collection<Host> others) {
        cut(group, others);
        cut(others, group);
    }

    /** Undoes {@link #cut} for these directions. Streams go on within a second. */
    public void healOneWay(Collection<Host> from, Collection<Host> to) {
        for (Host sender : from) {
            for (Host receiver : to) {
                Link link = links.find(sender, receiver);
                if (link != null) {
                    link.heal();
                }
            }
        }
    }

    /** {@link #healOneWay} in both directions. */
    public void heal(Collection<Host> group, Collection<Host> others) {
        healOneWay(group, others);
        healOneWay(others, group);
    }

    /** Undoes every cut. */
    public void healAll() {
        links.healAll();
    }

    /** Whether nothing passes from one host to the other. */
    public boolean isCut(Host from, Host to) {
        return links.isCut(from, to);
    }

    /**
     * Takes a host's power. Its sockets are gone without a word to anybody, and their sinks hear no more. Whoever sends on a stream to it learns of it
     * by a reset, once the host is up again. Idempotent.
     */
    public void down(Host host) {
        if (host.isUp()) {
            host.loseSockets();
            tell(FabricEvent.HOST_DOWN, host.name(), "", NO_BYTES, "");
        }
    }

    /** Gives a host its power back, without any socket. Idempotent. */
    public void up(Host host) {
        if (!host.isUp()) {
            host.start();
            tell(FabricEvent.HOST_UP, host.name(), "", NO_BYTES, "");
        }
    }

    /** Every direction of a link that has its own conditions or is cut, by host. */
    public List<LinkState> specialLinks() {
        return links.special(hosts);
    }

    long nowNanos() {
        return timeline.nowNanos();
    }

    void at(long atNanos, Runnable event) {
        timeline.at(atNanos, event);
    }

    void in(long delayNanos, Runnable event) {
        timeline.at(timeline.nowNanos() + delayNanos, event);
    }

    Links links() {
        return links;
    }

    /** Whom a packet to an address comes to; null if the address is nobody's. */
    AddressOwner owner(InetAddress address) {
        return owners.get(address);
    }

    boolean observed() {
        return observer != FabricObserver.NONE;
    }

    void tell(FabricEvent what, String from, String to, byte[] payload, String note) {
        observer.event(what, from, to, payload, note);
    }
}
