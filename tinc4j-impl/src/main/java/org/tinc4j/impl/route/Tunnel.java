package org.tinc4j.impl.route;

import java.util.concurrent.atomic.LongAdder;
import org.tinc4j.NodeName;
import org.tinc4j.impl.sptps.DatagramCipher;

/**
 * Keys and path to one peer, as the data path sees them.
 *
 * <p><b>Threads.</b> Written by the control thread, read by data threads, each field on its own; the counters and marks are written by
 * data threads. A reader that sees two fields of different age sends one packet by a path that just changed, which the peer accepts.
 */
public final class Tunnel {

    private final NodeName name;
    private final long id;

    private volatile DatagramCipher cipher;
    private volatile UdpPath udp = UdpPath.NONE;
    private volatile int mtuBytes = UdpPath.MAX_BYTES;
    private volatile boolean held;

    private volatile long wantedNanos;
    private volatile boolean wanted;
    private volatile int largestReceivedBytes;
    private volatile long infoNanos;
    private volatile boolean infoDue = true;
    private volatile long openedNanos = Long.MIN_VALUE / 2;
    private volatile long failingNanos = Long.MIN_VALUE / 2;
    private volatile long complainedNanos = Long.MIN_VALUE / 2;

    private final LongAdder packetsIn = new LongAdder();
    private final LongAdder bytesIn = new LongAdder();
    private final LongAdder packetsOut = new LongAdder();
    private final LongAdder bytesOut = new LongAdder();

    /**
     * To a peer.
     *
     * @param name the peer
     * @param id its 48-bit id in datagrams
     */
    public Tunnel(NodeName name, long id) {
        this.name = name;
        this.id = id;
    }

    public NodeName name() {
        return name;
    }

    /** The 48-bit id in datagrams. */
    public long id() {
        return id;
    }

    /** Seals and opens; null while there are no keys. */
    public DatagramCipher cipher() {
        return cipher;
    }

    /** Control thread: keys were made, or are gone (null). */
    public void cipher(DatagramCipher next) {
        cipher = next;
    }

    public UdpPath udp() {
        return udp;
    }

    /** Control thread: address, confirmation or MTU changed. */
    public void udp(UdpPath next) {
        udp = next;
    }

    /** What routing enforces, counted as a frame with 14 bytes of Ethernet header, as C tinc counts. */
    public int mtuBytes() {
        return mtuBytes;
    }

    /** Control thread: the enforced MTU changed. */
    public void mtuBytes(int bytes) {
        mtuBytes = bytes;
    }

    /**
     * Whether data must go over the meta connections for the moment: a rekey is between the two ACKs, and a datagram sealed with the
     * new key could overtake the ACK that announces it.
     */
    public boolean held() {
        return held;
    }

    /** Control thread: see {@link #held()}. */
    public void held(boolean now) {
        held = now;
    }

    /**
     * Data thread: something is to be sent there.
     *
     * @return true if the control thread should hear of it at once, because nobody wanted this tunnel before
     */
    public boolean want(long nowNanos) {
        wantedNanos = nowNanos;
        if (wanted) {
            return false;
        }
        wanted = true;
        return true;
    }

    /** Control thread: forget that it was wanted, so that the next packet tells again. */
    public void unwant() {
        wanted = false;
    }

    public boolean wanted() {
        return wanted;
    }

    public long wantedNanos() {
        return wantedNanos;
    }

    /** Data thread: a record of this many bytes arrived by UDP. */
    public void received(int recordBytes) {
        if (recordBytes > largestReceivedBytes) {
            largestReceivedBytes = recordBytes;
        }
    }

    /** Control thread: the largest record since the last call; 0 when none came. */
    public int takeLargestReceived() {
        int largest = largestReceivedBytes;
        largestReceivedBytes = 0;
        return largest;
    }

    /**
     * Data thread: a packet came from there by way of another node.
     *
     * @return true at most once in an interval: UDP_INFO and MTU_INFO are due
     */
    public boolean infoDue(long nowNanos, long intervalNanos) {
        if (!infoDue && nowNanos - infoNanos < intervalNanos) {
            return false;
        }
        infoDue = false;
        infoNanos = nowNanos;
        return true;
    }

    /** Data thread: a datagram was good. */
    public void opened(long nowNanos) {
        openedNanos = nowNanos;
    }

    /**
     * Data thread: a datagram could not be opened.
     *
     * @return true at most once in an interval, when for that long some failed and none was good
     */
    public boolean undecryptableFor(long nowNanos, long intervalNanos) {
        if (failingNanos - openedNanos <= 0) {
            failingNanos = nowNanos;
            return false;
        }
        if (nowNanos - failingNanos < intervalNanos || nowNanos - complainedNanos < intervalNanos) {
            return false;
        }
        complainedNanos = nowNanos;
        return true;
    }

    /** Counts an opened packet. */
    public void countIn(int bytes) {
        packetsIn.increment();
        bytesIn.add(bytes);
    }

    /** Counts sent packets. */
    public void countOut(int packets, int bytes) {
        packetsOut.add(packets);
        bytesOut.add(bytes);
    }

    public long packetsIn() {
        return packetsIn.sum();
    }

    public long bytesIn() {
        return bytesIn.sum();
    }

    public long packetsOut() {
        return packetsOut.sum();
    }

    public long bytesOut() {
        return bytesOut.sum();
    }

    @Override
    public String toString() {
        return "Tunnel[" + name + "]";
    }
}
