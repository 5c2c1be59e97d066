package org.tinc4j.impl.sptps;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.tinc4j.CipherSuite;
import org.tinc4j.NodeKey;
import org.tinc4j.NodePublicKey;
import org.tinc4j.impl.crypto.Aead;
import org.tinc4j.impl.crypto.AeadKey;
import org.tinc4j.impl.crypto.EntropySource;

/**
 * Handshake and rekey of a session between two nodes, whose data goes by {@link DatagramCipher}. Machine; one thread.
 *
 * <pre>
 * clear text:  seqno 4 | type 1 | data        KEX is number 0, SIG number 1, in both directions
 * </pre>
 *
 * <p>Handshake datagrams travel over meta connections (REQ_KEY, ANS_KEY), which deliver each one once and in order; data travels over
 * UDP beside them. So around a rekey: incoming keys are tried three at a time, and while {@link #awaitingAck()} the driver should hold
 * data back, since a peer that opens with one key only would drop it, or even start all over.
 *
 * <p><b>Errors.</b> What comes in is refused by a result, and {@link #failure()} says why. In clear text, or inside an authentic record,
 * a fault ends the session: {@link #failed()}. A datagram that is not authentic is dropped, and an established session goes on.
 *
 * <p><b>Source.</b> tinc SPTPS, "Datagram mode", "Handshake" and "Rekey".
 */
public final class DatagramSession {

    private final Handshake handshake;
    private final DatagramCipher cipher;
    private final Aead engine;

    private SptpsSink sink;
    private int nextClearOutgoing;
    private int nextClearIncoming;
    private String refusal;

    /**
     * A session.
     *
     * @param role which side this is
     * @param local own identity
     * @param remote the peer's public key
     * @param label see {@link SptpsLabels#udp}; copied
     * @param suites what may be used, not empty: the first, unless an initiator {@linkplain #choose chooses} another or a responder's peer has
     * @param entropy where nonces and ephemeral keys come from
     * @param cipher gets the keys; one that no other session had
     * @param engine engine of the session's thread
     */
    public DatagramSession(
            Role role,
            NodeKey local,
            NodePublicKey remote,
            byte[] label,
            List<CipherSuite> suites,
            EntropySource entropy,
            DatagramCipher cipher,
            Aead engine) {
        if (cipher.canSeal() || cipher.canOpen()) {
            throw new IllegalArgumentException("this cipher has the keys of another session; make a new one");
        }
        this.handshake = new Handshake(role, local, remote, label, suites, entropy, new Output());
        this.cipher = cipher;
        this.engine = engine;
    }

    /**
     * Starts the handshake: sends the KEX. Once only.
     *
     * @param sink takes the datagram
     */
    public void start(SptpsSink sink) {
        this.sink = sink;
        handshake.start();
    }

    /**
     * Decides on the cipher, before the peer's KEX was received. It is the initiator that decides.
     *
     * @param suite one of those the session was made with
     * @throws IllegalStateException if it is none of them, or too late
     */
    public void choose(CipherSuite suite) {
        handshake.choose(suite);
    }

    /**
     * Whether {@link #choose} may still be called.
     *
     * @return true for an initiator until the peer's KEX was received
     */
    public boolean choosing() {
        return handshake.choosing();
    }

    /**
     * The cipher in use.
     *
     * @return before the session is established, the one that is to be expected
     */
    public CipherSuite suite() {
        return handshake.suite();
    }

    /**
     * Starts a rekey; does nothing while one is on its way.
     *
     * @param sink takes the datagram
     * @throws IllegalStateException if the session is not established
     */
    public void rekey(SptpsSink sink) {
        if (!established()) {
            throw new IllegalStateException("the session is not established" + (failed() ? ": " + failure() : ""));
        }
        this.sink = sink;
        handshake.rekey();
    }

    /**
     * Takes one datagram that came over meta connections.
     *
     * @param datagram borrowed, not written
     * @param sink takes what follows from it
     * @return false if it was refused, see {@link #failure()}
     */
    public boolean receiveHandshake(byte[] datagram, SptpsSink sink) {
        if (failed()) {
            return false;
        }
        this.sink = sink;
        return established() ? receiveSealed(datagram) : receiveClear(datagram);
    }

    private boolean receiveClear(byte[] datagram) {
        if (datagram.length < DatagramCipher.HEADER_BYTES) {
            return fail("datagram of " + datagram.length + " bytes, at least " + DatagramCipher.HEADER_BYTES + " expected");
        }
        ByteBuffer header = ByteBuffer.wrap(datagram);
        int seqno = header.getInt();
        int type = header.get() & 0xff;
        if (seqno != nextClearIncoming) {
            return fail("handshake datagram " + Integer.toUnsignedString(seqno) + ", " + nextClearIncoming + " expected");
        }
        if (type != RecordType.HANDSHAKE) {
            return fail("record of type " + type + " before the handshake is complete");
        }
        nextClearIncoming++;
        handshake.receive(Arrays.copyOfRange(datagram, DatagramCipher.HEADER_BYTES, datagram.length));
        return !failed();
    }

    private boolean receiveSealed(byte[] datagram) {
        // Opened in a copy: the caller's bytes are not ours to change.
        byte[] copy = datagram.clone();
        long opened = cipher.openInOrder(engine, ByteBuffer.wrap(copy), 0, copy.length);
        if (opened < 0) {
            refusal = "datagram of " + datagram.length + " bytes: " + DatagramCipher.describe(opened);
            return false;
        }
        int end = DatagramCipher.HEADER_BYTES + DatagramCipher.dataLengthOf(opened);
        byte[] data = Arrays.copyOfRange(copy, DatagramCipher.HEADER_BYTES, end);
        int type = DatagramCipher.typeOf(opened);
        if (type == RecordType.HANDSHAKE) {
            handshake.receive(data);
        } else {
            sink.record(type, data);
        }
        return !failed();
    }

    /**
     * Takes the content of a handshake record (type 128) that the data path has opened by {@link DatagramCipher#open}.
     *
     * @param data borrowed
     * @param sink takes what follows from it
     */
    public void handshakeRecord(byte[] data, SptpsSink sink) {
        if (failed()) {
            return;
        }
        if (!established()) {
            throw new IllegalStateException("no record can have been opened before the handshake is complete");
        }
        this.sink = sink;
        handshake.receive(data);
    }

    private boolean fail(String reason) {
        handshake.fail(reason);
        return false;
    }

    /**
     * Whether data may flow. Stays true during a rekey.
     *
     * @return false before the first handshake is complete and after a failure
     */
    public boolean established() {
        return handshake.established();
    }

    /**
     * Whether a rekey is on its way.
     *
     * @return true between its first KEX and its last ACK
     */
    public boolean rekeying() {
        return handshake.rekeying();
    }

    /**
     * Whether the own ACK was sent and the peer's was not seen. The driver holds data back meanwhile, for a bounded time.
     *
     * @return true for about one round trip in every rekey
     */
    public boolean awaitingAck() {
        return handshake.awaitingAck();
    }

    /**
     * Whether the session is dead. Its cipher keeps the keys it has until {@link #destroy()}, so that data can go on while the driver
     * sets up another session.
     *
     * @return true after the peer's fault or {@link #destroy()}
     */
    public boolean failed() {
        return handshake.failureReason() != null;
    }

    /**
     * Why the session is dead, or else why it refused a datagram last.
     *
     * @return a reason for the log, or null if there was no fault
     */
    public String failure() {
        String reason = handshake.failureReason();
        return reason != null ? reason : refusal;
    }

    /** Wipes all keys, those of the cipher too. The session is dead afterwards. */
    public void destroy() {
        handshake.fail("the session was closed");
        cipher.destroy();
    }

    private final class Output implements HandshakeOutput {
        @Override
        public void send(byte[] message) {
            if (handshake.established()) {
                sendSealed(message);
            } else {
                ByteBuffer datagram = ByteBuffer.allocate(DatagramCipher.HEADER_BYTES + message.length);
                datagram.putInt(nextClearOutgoing++).put((byte) RecordType.HANDSHAKE).put(message);
                sink.send(datagram.array());
            }
        }

        private void sendSealed(byte[] message) {
            ByteBuffer datagram = ByteBuffer.allocate(DatagramCipher.OVERHEAD_BYTES + message.length);
            datagram.put(DatagramCipher.HEADER_BYTES, message);
            int length =
                    cipher.seal(engine, RecordType.HANDSHAKE, datagram, DatagramCipher.HEADER_BYTES, message.length);
            if (length == DatagramCipher.NOT_SEALED) {
                handshake.fail("all sequence numbers are used up; start a new session");
            } else {
                sink.send(datagram.array());
            }
        }

        @Override
        public void switchOutgoing(AeadKey key) {
            cipher.outgoing(key);
        }

        @Override
        public void prepareIncoming(AeadKey key) {
            cipher.incomingNext(key);
        }

        @Override
        public void switchIncoming() {
            cipher.promoteIncoming();
        }

        @Override
        public void established(Round round) {
            sink.established(round == Round.RENEWAL);
        }
    }
}
