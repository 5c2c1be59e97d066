package org.tinc4j;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.EdECPublicKey;
import java.util.Arrays;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Ed25519 identity of a node, in tinc's expanded form. Read it from and write it to tinc's own key file.
 *
 * <p>Never printed: {@link #toString()} shows the public key only. {@link #destroy()} wipes the private part.
 *
 * <p><b>Source.</b> RFC 8032 section 5.1.5: the private part is the clamped SHA-512 of the seed, which tinc keeps instead of the seed.
 */
public final class NodeKey implements javax.security.auth.Destroyable {

    private static final String BEGIN = "-----BEGIN ED25519 PRIVATE KEY-----";
    private static final String END = "-----END ED25519 PRIVATE KEY-----";
    private static final Pattern OTHER_BEGIN = Pattern.compile("-----BEGIN ((?:[A-Z0-9]{1,10} ){0,3}KEY|CERTIFICATE)-----");
    private static final int EXPANDED_BYTES = 64;
    private static final int LINE_BYTES = 48;
    private static final Set<StandardOpenOption> CREATE_TO_WRITE = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    /** Guarded by itself, so that nobody copies a key half wiped. */
    private final byte[] expanded;
    private final NodePublicKey publicKey;
    /** Written under the lock of {@link #expanded}. */
    private volatile boolean destroyed;

    private NodeKey(byte[] expanded, NodePublicKey publicKey) {
        this.expanded = expanded;
        this.publicKey = publicKey;
    }

    /**
     * A new key from the system's secure random source.
     *
     * @return the key
     */
    public static NodeKey generate() {
        try {
            KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            byte[] seed = ((EdECPrivateKey) pair.getPrivate())
                    .getBytes()
                    .orElseThrow(() -> new IllegalStateException("the Ed25519 provider does not show the seed it made"));
            byte[] expanded = MessageDigest.getInstance("SHA-512").digest(seed);
            Arrays.fill(seed, (byte) 0);
            expanded[0] &= (byte) 0xf8;
            expanded[31] &= 0x3f;
            expanded[31] |= 0x40;
            return new NodeKey(expanded, publicKeyOf((EdECPublicKey) pair.getPublic()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime lacks Ed25519 or SHA-512", e);
        }
    }

    private static NodePublicKey publicKeyOf(EdECPublicKey key) {
        byte[] bigEndian = key.getPoint().getY().toByteArray();
        byte[] encoded = new byte[NodePublicKey.BYTES];
        for (int i = 0; i < bigEndian.length && i < encoded.length; i++) {
            encoded[i] = bigEndian[bigEndian.length - 1 - i];
        }
        if (key.getPoint().isXOdd()) {
            encoded[31] |= (byte) 0x80;
        }
        return NodePublicKey.of(encoded);
    }

    /**
     * From its parts.
     *
     * @param expanded 64 bytes: clamped scalar and prefix; copied
     * @param publicKey the public key that belongs to it
     * @return the key
     */
    public static NodeKey of(byte[] expanded, NodePublicKey publicKey) {
        if (expanded.length != EXPANDED_BYTES) {
            throw new IllegalArgumentException("an expanded Ed25519 private key has 64 bytes, not " + expanded.length);
        }
        return new NodeKey(expanded.clone(), publicKey);
    }

    /**
     * Reads a key file's text.
     *
     * @param text with the BEGIN and END lines
     * @return the key
     * @throws IllegalArgumentException if there is no key in it; the message never shows the text
     */
    public static NodeKey parse(String text) {
        byte[] material = new byte[EXPANDED_BYTES + NodePublicKey.BYTES];
        try {
            fill(material, text);
            return new NodeKey(
                    Arrays.copyOf(material, EXPANDED_BYTES),
                    NodePublicKey.of(Arrays.copyOfRange(material, EXPANDED_BYTES, material.length)));
        } finally {
            Arrays.fill(material, (byte) 0);
        }
    }

    private static void fill(byte[] material, String text) {
        int filled = 0;
        boolean inside = false;
        for (String line : text.lines().map(String::strip).toList()) {
            if (line.startsWith("-----BEGIN ")) {
                if (!line.equals(BEGIN)) {
                    throw new IllegalArgumentException("it holds " + kindOf(line) + " where an ED25519 PRIVATE KEY is expected");
                }
                inside = true;
            } else if (line.equals(END)) {
                inside = false;
            } else if (inside) {
                byte[] part = TincBase64.decode(line);
                if (part == null || filled + part.length > material.length) {
                    throw new IllegalArgumentException("a line of the key is damaged");
                }
                System.arraycopy(part, 0, material, filled, part.length);
                filled += part.length;
                Arrays.fill(part, (byte) 0);
            }
        }
        if (filled != material.length) {
            throw new IllegalArgumentException("it holds " + filled + " bytes of key between \"" + BEGIN + "\" and its end, "
                    + material.length + " are expected");
        }
    }

    /** Shows the label of a BEGIN line only if nothing else is on the line: a file that lost its line ends has the key there. */
    private static String kindOf(String beginLine) {
        Matcher matcher = OTHER_BEGIN.matcher(beginLine);
        return matcher.matches() ? "\"" + matcher.group(1) + "\"" : "a damaged BEGIN line";
    }

    /**
     * Reads tinc's {@code ed25519_key.priv}.
     *
     * @param file the file
     * @return the key
     * @throws AuthenticationException if the file is missing, unreadable or holds no key, naming the file
     */
    public static NodeKey read(Path file) throws AuthenticationException {
        try {
            return parse(Files.readString(file, StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new AuthenticationException("cannot read private key file " + file + " (" + e.getClass().getSimpleName()
                    + "); make one with NodeKey.generate().write(path) or \"tinc generate-ed25519-keys\"", e);
        } catch (IllegalArgumentException e) {
            throw new AuthenticationException("private key file " + file + " is no key: " + e.getMessage()
                    + "; restore it, or make a new one and give its public key to the peers", e);
        }
    }

    /**
     * Writes the key as tinc's {@code ed25519_key.priv}, readable by its owner only.
     *
     * @param file a file that does not exist yet
     * @throws IOException if it exists or cannot be written
     */
    public void write(Path file) throws IOException {
        byte[] text = text().getBytes(StandardCharsets.US_ASCII);
        Path directory = file.toAbsolutePath().getParent();
        boolean posix = directory != null && Files.getFileStore(directory).supportsFileAttributeView("posix");
        FileAttribute<?>[] ownerOnly = posix ? new FileAttribute<?>[] {OWNER_ONLY} : new FileAttribute<?>[0];
        // CREATE_NEW and the permissions go into one system call: the file is never there with others, nor through a link.
        try (SeekableByteChannel channel = Files.newByteChannel(file, CREATE_TO_WRITE, ownerOnly)) {
            ByteBuffer rest = ByteBuffer.wrap(text);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
        } catch (FileAlreadyExistsException e) {
            throw new FileAlreadyExistsException(file.toString(), null, "will not overwrite a private key");
        } finally {
            Arrays.fill(text, (byte) 0);
        }
    }

    /**
     * The text of a key file. Handle it as the secret it is.
     *
     * @return with BEGIN and END lines
     */
    public String text() {
        byte[] secret = expanded();
        byte[] material = Arrays.copyOf(secret, EXPANDED_BYTES + NodePublicKey.BYTES);
        Arrays.fill(secret, (byte) 0);
        System.arraycopy(publicKey.encoded(), 0, material, EXPANDED_BYTES, NodePublicKey.BYTES);
        String text = BEGIN + "\n" + TincBase64.encode(material, 0, LINE_BYTES) + "\n"
                + TincBase64.encode(material, LINE_BYTES, LINE_BYTES) + "\n" + END + "\n";
        Arrays.fill(material, (byte) 0);
        return text;
    }

    /**
     * The public part.
     *
     * @return what peers need to know
     */
    public NodePublicKey publicKey() {
        return publicKey;
    }

    /**
     * The private part: 32 bytes clamped scalar, 32 bytes prefix.
     *
     * @return a copy, to be wiped by the caller
     */
    public byte[] expanded() {
        synchronized (expanded) {
            if (destroyed) {
                throw new IllegalStateException("this private key was destroyed");
            }
            return expanded.clone();
        }
    }

    /** Wipes the private part; the public part stays. */
    @Override
    public void destroy() {
        synchronized (expanded) {
            destroyed = true;
            Arrays.fill(expanded, (byte) 0);
        }
    }

    @Override
    public boolean isDestroyed() {
        return destroyed;
    }

    /** The public key only. */
    @Override
    public String toString() {
        return "NodeKey[" + publicKey + "]";
    }
}
