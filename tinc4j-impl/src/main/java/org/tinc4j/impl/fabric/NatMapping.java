package org.tinc4j.impl.fabric;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import org.tinc4j.testing.NatKind;

/** One UDP mapping of a NAT box: a port of the box that stands for a port of a host, and who may send to it. Its own expiry timer. */
final class NatMapping implements Runnable {

    /**
     * RFC 4787, section 4.3, REQ-5: "A NAT UDP mapping timer MUST NOT expire in less than two minutes". Nor in more here: the strictest box
     * that is allowed.
     */
    static final long IDLE_NANOS = 120_000_000_000L;

    private final NatBox box;
    private final Object key;
    private final Host host;
    private final int port;
    private final InetSocketAddress external;

    /** When something was last sent, by whom it was sent to: an address, or an address and port. Looked up and thinned out, order never matters. */
    private final Map<Object, Long> sentNanos = new HashMap<>();

    private long lastSentNanos;

    NatMapping(NatBox box, Object key, Host host, int port, InetSocketAddress external) {
        this.box = box;
        this.key = key;
        this.host = host;
        this.port = port;
        this.external = external;
    }

    Object key() {
        return key;
    }

    Host host() {
        return host;
    }

    /** The host's own. */
    int port() {
        return port;
    }

    /** What others see. */
    InetSocketAddress external() {
        return external;
    }

    /**
     * The host sends. RFC 4787, section 4.3, REQ-6: "The NAT mapping Refresh Direction MUST have a "NAT Outbound refresh behavior" of "True"". What
     * comes in refreshes nothing here; the RFC leaves that open.
     */
    void sent(InetSocketAddress to, long nowNanos) {
        lastSentNanos = nowNanos;
        if (box.kind() != NatKind.FULL_CONE) {
            sentNanos.put(correspondent(to), nowNanos);
        }
    }

    /** Whether something from outside may pass. The words are those of RFC 4787, section 5; the host's port is X:x, the sender Y:y. */
    boolean admits(InetSocketAddress from, long nowNanos) {
        return switch (box.kind()) {
            // "Endpoint-Independent Filtering: The NAT filters out only packets not destined to the internal address and port X:x, regardless
            // of the external IP address and port source"
            case FULL_CONE -> !expired(nowNanos);
            // "Address-Dependent Filtering: ... the NAT will filter out packets from Y:y destined for the internal endpoint X:x if X:x has
            // not sent packets to Y:any previously (independently of the port used by Y)."
            // "Address and Port-Dependent Filtering: ... if X:x has not sent packets to Y:y previously."
            case RESTRICTED_CONE, PORT_RESTRICTED_CONE, SYMMETRIC -> {
                Long sent = sentNanos.get(correspondent(from));
                yield sent != null && nowNanos - sent < IDLE_NANOS;
            }
        };
    }

    private Object correspondent(InetSocketAddress other) {
        return box.kind() == NatKind.RESTRICTED_CONE ? other.getAddress() : other;
    }

    private boolean expired(long nowNanos) {
        return nowNanos - lastSentNanos >= IDLE_NANOS;
    }

    /** The timer: forgets the mapping, or whom nothing was sent to for long. */
    @Override
    public void run() {
        long nowNanos = box.nowNanos();
        if (expired(nowNanos)) {
            box.forget(this);
        } else {
            sentNanos.values().removeIf(sent -> nowNanos - sent >= IDLE_NANOS);
            startTimer();
        }
    }

    void startTimer() {
        box.at(lastSentNanos + IDLE_NANOS, this);
    }
}
