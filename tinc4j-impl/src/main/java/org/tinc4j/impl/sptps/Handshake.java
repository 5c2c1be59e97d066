package org.tinc4j.impl.sptps;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.tinc4j.CipherSuite;
import org.tinc4j.NodeKey;
import org.tinc4j.NodePublicKey;
import org.tinc4j.impl.crypto.AeadKey;
import org.tinc4j.impl.crypto.Ecdh;
import org.tinc4j.impl.crypto.EntropySource;
import org.tinc4j.impl.crypto.Identity;
import org.tinc4j.impl.crypto.Prf;
import org.tinc4j.impl.sptps.HandshakeState.AwaitingAck;
import org.tinc4j.impl.sptps.HandshakeState.AwaitingKex;
import org.tinc4j.impl.sptps.HandshakeState.AwaitingSig;
import org.tinc4j.impl.sptps.HandshakeState.Failed;
import org.tinc4j.impl.sptps.HandshakeState.Idle;
import org.tinc4j.impl.sptps.HandshakeState.Keys;
import org.tinc4j.impl.sptps.HandshakeState.Unstarted;

/**
 * The handshake messages of a session, first round and renewals, whatever carries them. Machine; one thread.
 *
 * <pre>
 * KEX  version 1 | nonce 32 | ephemeral public key 32       65 bytes
 * SIG  signature by the sender's identity                   64 bytes   over: role 1 | own KEX | other KEX | label
 * ACK                                                        0 bytes   renewals only: last record under the sender's old key
 *
 * first:    I KEX, R KEX (crossing), I SIG, R SIG
 * renewal:  KEX of whoever starts, other KEX, I SIG, R SIG, R ACK, I ACK
 * </pre>
 *
 * <p>The cipher is part of the label. The initiator's SIG decides on it, and the responder takes any of those it was made with: so the two can
 * only disagree where nothing they both have was signed, and nobody on the way can make them.
 *
 * <p><b>Errors.</b> A message that does not belong there or does not verify makes the state {@link Failed}; nothing is thrown.
 *
 * <p><b>Source.</b> tinc SPTPS, "Handshake".
 */
final class Handshake {

    static final int NONCE_BYTES = 32;
    static final int KEX_BYTES = 1 + NONCE_BYTES + Ecdh.BYTES;

    private static final byte VERSION = 0;
    private static final byte[] EXPANSION = "key expansion".getBytes(StandardCharsets.US_ASCII);
    private static final int MATERIAL_BYTES = 128;
    // Of each direction's 64 bytes the second half is not used.
    private static final int TO_INITIATOR_OFFSET = 0;
    private static final int TO_RESPONDER_OFFSET = 64;

    private final Role role;
    private final NodeKey local;
    private final NodePublicKey remote;
    private final byte[] label;
    private final List<CipherSuite> suites;
    private final EntropySource entropy;
    private final HandshakeOutput out;

    private HandshakeState state = new Unstarted();
    private CipherSuite suite;
    private boolean established;

    /**
     * One side's.
     *
     * @param suites what may be used; the first unless the initiator chooses another
     */
    Handshake(
            Role role,
            NodeKey local,
            NodePublicKey remote,
            byte[] label,
            List<CipherSuite> suites,
            EntropySource entropy,
            HandshakeOutput out) {
        this.role = role;
        this.local = local;
        this.remote = remote;
        this.label = label.clone();
        this.suites = List.copyOf(suites);
        this.suite = suites.getFirst();
        this.entropy = entropy;
        this.out = out;
    }

    /** Sends the first KEX. */
    void start() {
        if (!(state instanceof Unstarted)) {
            throw new IllegalStateException("this session was started before; make a new one");
        }
        become(offer(Round.FIRST));
    }

    /** Decides on the cipher, which is on the initiator before it has the responder's KEX. */
    void choose(CipherSuite chosen) {
        if (!choosing() || !suites.contains(chosen)) {
            throw new IllegalStateException(chosen + " cannot be chosen of " + suites + ", or not any more");
        }
        suite = chosen;
    }

    /** Whether the cipher can still be decided on here. */
    boolean choosing() {
        return role == Role.INITIATOR
                && (state instanceof Unstarted || state instanceof AwaitingKex s && s.round() == Round.FIRST);
    }

    /** The cipher in use; before the first handshake is complete, the one to be expected. */
    CipherSuite suite() {
        return suite;
    }

    /** Starts a renewal, unless one is on its way. */
    void rekey() {
        if (!established) {
            throw new IllegalStateException("only an established session can be rekeyed");
        }
        if (state instanceof Idle) {
            become(offer(Round.RENEWAL));
        }
    }

    /** Takes one handshake message of the peer. */
    void receive(byte[] message) {
        become(switch (state) {
            case Unstarted s -> failure("a handshake record arrived before the session was started");
            case AwaitingKex s -> onKex(s, message);
            case AwaitingSig s -> onSig(s, message);
            case AwaitingAck s -> onAck(message);
            case Idle s -> onKex(offer(Round.RENEWAL), message);
            case Failed s -> s;
        });
        if (state instanceof Idle) {
            announce();
        }
    }

    /** The sink may end the session from inside a call; then it stays ended. */
    private void become(HandshakeState next) {
        if (state instanceof Failed) {
            next.destroy();
        } else {
            state = next;
        }
    }

    private AwaitingKex offer(Round round) {
        byte[] nonce = new byte[NONCE_BYTES];
        entropy.fill(nonce);
        byte[] seed = new byte[Ecdh.BYTES];
        entropy.fill(seed);
        Ecdh ephemeral = new Ecdh(seed);
        Arrays.fill(seed, (byte) 0);
        byte[] kex = new byte[KEX_BYTES];
        kex[0] = VERSION;
        System.arraycopy(nonce, 0, kex, 1, NONCE_BYTES);
        System.arraycopy(ephemeral.publicKey(), 0, kex, 1 + NONCE_BYTES, Ecdh.BYTES);
        send(kex.clone());
        return new AwaitingKex(round, ephemeral, kex);
    }

    private HandshakeState onKex(AwaitingKex s, byte[] message) {
        if (message.length != KEX_BYTES) {
            s.destroy();
            return failure("KEX of " + message.length + " bytes, " + KEX_BYTES + " expected");
        }
        if (message[0] != VERSION) {
            s.destroy();
            return failure("KEX of version " + (message[0] & 0xff) + ", only " + VERSION + " is spoken here");
        }
        if (role == Role.INITIATOR) {
            send(sign(s.localKex(), message));
        }
        return new AwaitingSig(s.round(), s.ephemeral(), s.localKex(), message.clone());
    }

    private HandshakeState onSig(AwaitingSig s, byte[] message) {
        List<CipherSuite> acceptable = role == Role.RESPONDER && s.round() == Round.FIRST ? suites : List.of(suite);
        Optional<CipherSuite> signed = signedFor(acceptable, s, message);
        if (signed.isEmpty()) {
            Failed refusal = failure(refusal(acceptable, s, message));
            s.destroy();
            return refusal;
        }
        suite = signed.get();
        Optional<byte[]> secret = s.ephemeral().agree(Arrays.copyOfRange(s.remoteKex(), 1 + NONCE_BYTES, KEX_BYTES));
        s.destroy();
        if (secret.isEmpty()) {
            return failure("the peer's ephemeral key is a point of low order");
        }
        Keys keys = derive(secret.get(), s);
        Arrays.fill(secret.get(), (byte) 0);
        AeadKey outgoing = new AeadKey(suite, keys.sentBy(role));
        AeadKey incoming = new AeadKey(suite, keys.sentBy(role.opposite()));
        keys.destroy();
        // Before the SIG goes out: what the peer answers to it may overtake this thread.
        out.prepareIncoming(incoming);
        if (role == Role.RESPONDER) {
            send(sign(s.localKex(), s.remoteKex()));
        }
        if (s.round() == Round.RENEWAL) {
            // "ACK is the last record under the sender's old key."
            send(new byte[0]);
        }
        if (state instanceof Failed) {
            outgoing.destroy();
            return state;
        }
        out.switchOutgoing(outgoing);
        return switch (s.round()) {
            case FIRST -> {
                out.switchIncoming();
                yield new Idle();
            }
            case RENEWAL -> new AwaitingAck();
        };
    }

    private Optional<CipherSuite> signedFor(List<CipherSuite> candidates, AwaitingSig s, byte[] message) {
        byte[] signer = {role.opposite().signedByte()};
        return candidates.stream()
                .filter(candidate -> Identity.verify(
                        remote, message, signer, s.remoteKex(), s.localKex(), Suites.label(label, candidate)))
                .findFirst();
    }

    private String refusal(List<CipherSuite> expected, AwaitingSig s, byte[] message) {
        List<CipherSuite> others =
                Arrays.stream(CipherSuite.values()).filter(suite -> !expected.contains(suite)).toList();
        return signedFor(others, s, message)
                .map(theirs -> "the peer signed for " + theirs.label() + ", this side is set to "
                        + expected.getFirst().label() + "; give both sides the same SPTPSCipher (Peer.cipher) for each other")
                .orElse("SIG of " + message.length + " bytes is no signature by the peer's key " + remote
                        + " over this handshake; check the public key that is configured for it");
    }

    private HandshakeState onAck(byte[] message) {
        if (message.length != 0) {
            return failure("ACK of " + message.length + " bytes, 0 expected");
        }
        out.switchIncoming();
        return new Idle();
    }

    /** After the state is the new one, so that the session can be used from inside the call. */
    private void announce() {
        Round round = established ? Round.RENEWAL : Round.FIRST;
        established = true;
        out.established(round);
    }

    /** Says nothing more once the sink has ended the session from inside an earlier call. */
    private void send(byte[] message) {
        if (!(state instanceof Failed)) {
            out.send(message);
        }
    }

    private byte[] sign(byte[] localKex, byte[] remoteKex) {
        return Identity.sign(local, new byte[] {role.signedByte()}, localKex, remoteKex, Suites.label(label, suite));
    }

    private Keys derive(byte[] secret, AwaitingSig s) {
        byte[] initiatorKex = role == Role.INITIATOR ? s.localKex() : s.remoteKex();
        byte[] responderKex = role == Role.INITIATOR ? s.remoteKex() : s.localKex();
        byte[] fullLabel = Suites.label(label, suite);
        byte[] seed = Arrays.copyOf(EXPANSION, EXPANSION.length + 2 * NONCE_BYTES + fullLabel.length);
        System.arraycopy(initiatorKex, 1, seed, EXPANSION.length, NONCE_BYTES);
        System.arraycopy(responderKex, 1, seed, EXPANSION.length + NONCE_BYTES, NONCE_BYTES);
        System.arraycopy(fullLabel, 0, seed, EXPANSION.length + 2 * NONCE_BYTES, fullLabel.length);
        byte[] material = Prf.expand(secret, seed, MATERIAL_BYTES);
        Keys keys = new Keys(
                Arrays.copyOfRange(material, TO_RESPONDER_OFFSET, TO_RESPONDER_OFFSET + AeadKey.BYTES),
                Arrays.copyOfRange(material, TO_INITIATOR_OFFSET, TO_INITIATOR_OFFSET + AeadKey.BYTES));
        Arrays.fill(material, (byte) 0);
        return keys;
    }

    private static Failed failure(String reason) {
        return new Failed(reason);
    }

    /** Ends the session for a reason its carrier found. The first reason stays. */
    void fail(String reason) {
        state.destroy();
        become(failure(reason));
    }

    /** Why the session is dead, or null. */
    String failureReason() {
        return state instanceof Failed f ? f.reason() : null;
    }

    /** Whether application records may flow. */
    boolean established() {
        return established && !(state instanceof Failed);
    }

    /** Whether a renewal is on its way. */
    boolean rekeying() {
        return established() && !(state instanceof Idle);
    }

    /** Whether the outgoing key was switched and the peer's switch was not seen yet. */
    boolean awaitingAck() {
        return state instanceof AwaitingAck;
    }
}
