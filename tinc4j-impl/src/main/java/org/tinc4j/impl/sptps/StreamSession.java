package org.tinc4j.impl.sptps;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.tinc4j.CipherSuite;
import org.tinc4j.NodeKey;
import org.tinc4j.NodePublicKey;
import org.tinc4j.impl.crypto.Aead;
import org.tinc4j.impl.crypto.AeadEngines;
import org.tinc4j.impl.crypto.AeadKey;
import org.tinc4j.impl.crypto.EntropySource;

/**
 * SPTPS on a byte stream: a meta connection, or an invitation. Machine; one thread.
 *
 * <pre>
 * clear text:  length 2 | type 1 | data                          until the first handshake is complete
 * encrypted:   length 2 | E( type 1 | data ) | tag 16            length counts the data only, big-endian
 * </pre>
 *
 * <p>Each direction counts its records from 0; the count is the nonce, and no rekey sets it back.
 *
 * <p><b>Errors.</b> The first fault of the peer ends the session: {@link #receive} returns {@link #FAILED} from then on and
 * {@link #failure()} says why. The connection is then to be closed; SPTPS has no message for it.
 *
 * <p><b>Source.</b> tinc SPTPS, "Stream mode" and "Handshake".
 */
public final class StreamSession {

    /** Result of {@link #receive}: the record is not complete, nothing was consumed. */
    public static final int INCOMPLETE = 0;
    /** Result of {@link #receive}: the session is dead. */
    public static final int FAILED = -1;
    /** Longest data of a record, since its length has 16 bits. */
    public static final int MAX_DATA_BYTES = 0xffff;

    private static final int LENGTH_BYTES = 2;
    private static final int TYPE_BYTES = 1;
    /** The sequence number has 32 bits and may not come round, or a nonce would be used again. */
    private static final long SEQNO_LIMIT = 1L << 32;

    private final Handshake handshake;
    private final int maxDataBytes;
    private final Aead aead = new AeadEngines(Optional.empty()).newEngine();

    private SptpsSink sink;
    private AeadKey outgoing;
    private AeadKey incoming;
    private AeadKey nextIncoming;
    private long outgoingSeqno;
    private long incomingSeqno;

    /**
     * A session that accepts records of any length.
     *
     * @param role which side this is
     * @param local own identity
     * @param remote the peer's public key
     * @param label see {@link SptpsLabels}; copied
     * @param suite how records are sealed; both sides must have the same
     * @param entropy where nonces and ephemeral keys come from
     */
    public StreamSession(Role role, NodeKey local, NodePublicKey remote, byte[] label, CipherSuite suite, EntropySource entropy) {
        this(role, local, remote, label, suite, entropy, MAX_DATA_BYTES);
    }

    /**
     * A session that accepts records up to a length.
     *
     * @param role which side this is
     * @param local own identity
     * @param remote the peer's public key
     * @param label see {@link SptpsLabels}; copied
     * @param suite how records are sealed; both sides must have the same
     * @param entropy where nonces and ephemeral keys come from
     * @param maxDataBytes longest data of a record accepted from the peer; at least a handshake message, 65 bytes
     */
    public StreamSession(
            Role role,
            NodeKey local,
            NodePublicKey remote,
            byte[] label,
            CipherSuite suite,
            EntropySource entropy,
            int maxDataBytes) {
        if (maxDataBytes < Handshake.KEX_BYTES || maxDataBytes > MAX_DATA_BYTES) {
            throw new IllegalArgumentException("maxDataBytes=" + maxDataBytes + " is out of range; use "
                    + Handshake.KEX_BYTES + " to " + MAX_DATA_BYTES);
        }
        this.handshake = new Handshake(role, local, remote, label, List.of(suite), entropy, new Output());
        this.maxDataBytes = maxDataBytes;
    }

    /**
     * Starts the handshake: sends the KEX. Once only.
     *
     * @param sink takes the record
     */
    public void start(SptpsSink sink) {
        this.sink = sink;
        handshake.start();
    }

    /**
     * Starts a rekey; does nothing while one is on its way.
     *
     * @param sink takes the record
     * @throws IllegalStateException if the session is not established
     */
    public void rekey(SptpsSink sink) {
        checkEstablished();
        this.sink = sink;
        handshake.rekey();
    }

    /**
     * Takes at most one record of the peer.
     *
     * @param data holds received bytes; borrowed, not written
     * @param offset first of them
     * @param length how many there are
     * @param sink takes what follows from the record
     * @return how many bytes were consumed, {@link #INCOMPLETE} or {@link #FAILED}
     */
    public int receive(byte[] data, int offset, int length, SptpsSink sink) {
        if (failure() != null) {
            return FAILED;
        }
        if (length < LENGTH_BYTES) {
            return INCOMPLETE;
        }
        this.sink = sink;
        int dataLength = (data[offset] & 0xff) << 8 | data[offset + 1] & 0xff;
        int consumed = incoming == null
                ? receiveClear(data, offset, length, dataLength)
                : receiveSealed(data, offset, length, dataLength);
        return failure() == null ? consumed : FAILED;
    }

    private int receiveClear(byte[] data, int offset, int length, int dataLength) {
        if (dataLength > Handshake.KEX_BYTES) {
            return fail("record of " + dataLength + " bytes before the handshake is complete, at most "
                    + Handshake.KEX_BYTES + " are possible");
        }
        if (length > LENGTH_BYTES && (data[offset + LENGTH_BYTES] & 0xff) != RecordType.HANDSHAKE) {
            return fail("record of type " + (data[offset + LENGTH_BYTES] & 0xff) + " before the handshake is complete");
        }
        int total = LENGTH_BYTES + TYPE_BYTES + dataLength;
        if (length < total) {
            return INCOMPLETE;
        }
        incomingSeqno++;
        handshake.receive(Arrays.copyOfRange(data, offset + LENGTH_BYTES + TYPE_BYTES, offset + total));
        return total;
    }

    private int receiveSealed(byte[] data, int offset, int length, int dataLength) {
        if (dataLength > maxDataBytes) {
            return fail("record of " + dataLength + " bytes, at most " + maxDataBytes + " are accepted");
        }
        int total = LENGTH_BYTES + TYPE_BYTES + dataLength + Aead.TAG_BYTES;
        if (length < total) {
            return INCOMPLETE;
        }
        if (incomingSeqno == SEQNO_LIMIT) {
            return fail("the peer's sequence numbers are used up");
        }
        // Decrypted in a copy: the caller's bytes are not ours to change.
        byte[] body = Arrays.copyOfRange(data, offset + LENGTH_BYTES, offset + total);
        if (!aead.open(incoming, (int) incomingSeqno, ByteBuffer.wrap(body), 0, TYPE_BYTES + dataLength)) {
            return fail("record " + incomingSeqno + " of " + dataLength + " bytes has a wrong tag");
        }
        incomingSeqno++;
        int type = body[0] & 0xff;
        byte[] content = Arrays.copyOfRange(body, TYPE_BYTES, TYPE_BYTES + dataLength);
        if (type == RecordType.HANDSHAKE) {
            handshake.receive(content);
        } else if (type <= RecordType.MAX_APPLICATION) {
            sink.record(type, content);
        } else {
            return fail("record of type " + type + ", which does not exist");
        }
        return total;
    }

    private int fail(String reason) {
        handshake.fail(reason);
        return FAILED;
    }

    /**
     * Seals an application record.
     *
     * @param type 0 to 127
     * @param data its content, at most {@link #MAX_DATA_BYTES}
     * @return the bytes to send, before those of any later record
     * @throws IllegalStateException if the session is not established
     */
    public byte[] seal(int type, byte[] data) {
        RecordType.checkApplication(type);
        if (data.length > MAX_DATA_BYTES) {
            throw new IllegalArgumentException("record of " + data.length + " bytes, at most " + MAX_DATA_BYTES + " fit; cut it");
        }
        checkEstablished();
        return sealRecord(type, data);
    }

    private byte[] sealRecord(int type, byte[] data) {
        if (outgoingSeqno == SEQNO_LIMIT) {
            throw new IllegalStateException("all " + SEQNO_LIMIT + " sequence numbers are used up; connect again");
        }
        int overhead = LENGTH_BYTES + TYPE_BYTES + (outgoing == null ? 0 : Aead.TAG_BYTES);
        ByteBuffer record = ByteBuffer.allocate(overhead + data.length);
        record.putShort((short) data.length).put((byte) type).put(data);
        if (outgoing != null) {
            aead.seal(outgoing, (int) outgoingSeqno, record, LENGTH_BYTES, TYPE_BYTES + data.length);
        }
        outgoingSeqno++;
        return record.array();
    }

    private void checkEstablished() {
        if (!established()) {
            String reason = failure();
            throw new IllegalStateException(
                    reason == null ? "the handshake is not complete" : "the session is dead: " + reason);
        }
    }

    /**
     * Whether application records may flow. Stays true during a rekey.
     *
     * @return false before the first handshake is complete and after a failure
     */
    public boolean established() {
        return handshake.established();
    }

    /**
     * Why the session is dead.
     *
     * @return a reason for the log, or null while it lives
     */
    public String failure() {
        return handshake.failureReason();
    }

    /** Wipes all keys. The session is dead afterwards. */
    public void destroy() {
        handshake.fail("the session was closed");
        for (AeadKey key : new AeadKey[] {outgoing, incoming, nextIncoming}) {
            if (key != null) {
                key.destroy();
            }
        }
    }

    private final class Output implements HandshakeOutput {
        @Override
        public void send(byte[] message) {
            sink.send(sealRecord(RecordType.HANDSHAKE, message));
        }

        @Override
        public void switchOutgoing(AeadKey key) {
            if (outgoing != null) {
                outgoing.destroy();
            }
            outgoing = key;
        }

        @Override
        public void prepareIncoming(AeadKey key) {
            nextIncoming = key;
        }

        @Override
        public void switchIncoming() {
            if (incoming != null) {
                incoming.destroy();
            }
            incoming = nextIncoming;
            nextIncoming = null;
        }

        @Override
        public void established(Round round) {
            sink.established(round == Round.RENEWAL);
        }
    }
}
