package org.tinc4j.impl.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tinc4j.NodeKey;
import org.tinc4j.NodePublicKey;

class IdentityTest {

    private static final byte[] MESSAGE = "a message".getBytes();

    @TestFactory
    Stream<DynamicTest> signsLikeTinc() {
        return StreamSupport.stream(Vectors.read("ed25519.json").get("cases").spliterator(), false)
                .map(vector -> DynamicTest.dynamicTest(vector.get("name").textValue(), () -> check(vector)));
    }

    private static void check(JsonNode vector) {
        byte[] expanded = Vectors.bytes(vector, "private64");
        NodePublicKey publicKey = NodePublicKey.of(Vectors.bytes(vector, "public"));
        NodeKey key = NodeKey.of(expanded, publicKey);
        byte[] message = Vectors.bytes(vector, "message");
        byte[] signature = Vectors.bytes(vector, "signature");
        assertThat(Sha512.expand(Vectors.bytes(vector, "seed"))).isEqualTo(expanded);
        assertThat(Identity.publicKeyOf(expanded)).isEqualTo(publicKey).hasToString(vector.get("public_tinc_base64").textValue());
        assertThat(Identity.matches(key)).isTrue();
        assertThat(Identity.sign(key, message)).isEqualTo(signature);
        assertThat(Identity.verify(publicKey, signature, message)).isTrue();
    }

    /** RFC 8032 section 7.1: TEST 1 and TEST SHA(abc), which are not among tinc's vectors. */
    @ParameterizedTest
    @CsvSource({
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60,"
                + "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a,"
                + "'',"
                + "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42,"
                + "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf,"
                + "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f,"
                + "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704"
    })
    void signsAsTheStandardSays(String seed, String publicKey, String message, String signature) {
        HexFormat hex = HexFormat.of();
        NodeKey key = NodeKey.of(Sha512.expand(hex.parseHex(seed)), NodePublicKey.of(hex.parseHex(publicKey)));
        assertThat(Identity.matches(key)).isTrue();
        assertThat(Identity.sign(key, hex.parseHex(message))).isEqualTo(hex.parseHex(signature));
    }

    @Test
    void readsTincsKeyFile() {
        JsonNode file = Vectors.read("ed25519.json").get("private_key_file");
        NodeKey key = NodeKey.parse(file.get("pem").textValue());
        assertThat(key.expanded()).isEqualTo(Arrays.copyOf(Vectors.bytes(file, "content96"), 64));
        assertThat(Identity.matches(key)).isTrue();
        assertThat(key.text()).isEqualTo(file.get("pem").textValue());
    }

    @Test
    void recognisesHalvesOfTwoKeys() {
        NodeKey key = NodeKey.of(NodeKey.generate().expanded(), NodeKey.generate().publicKey());
        assertThat(Identity.matches(key)).isFalse();
    }

    @Test
    void agreesWithTheRuntimesEd25519OverRandomKeysAndMessages() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 40; i++) {
            NodeKey key = NodeKey.generate();
            byte[] message = new byte[random.nextInt(300)];
            random.nextBytes(message);
            int cut = random.nextInt(message.length + 1);
            byte[] signature =
                    Identity.sign(key, Arrays.copyOf(message, cut), Arrays.copyOfRange(message, cut, message.length));
            assertThat(Identity.matches(key)).as("seed %d", seed).isTrue();
            Signature verifier = Signature.getInstance("Ed25519");
            byte[] spki = HexFormat.of().parseHex("302a300506032b6570032100" + HexFormat.of().formatHex(key.publicKey().encoded()));
            verifier.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(spki)));
            verifier.update(message);
            assertThat(verifier.verify(signature)).as("seed %d", seed).isTrue();
            assertThat(Identity.verify(key.publicKey(), signature, message)).as("seed %d", seed).isTrue();
        }
    }

    @Test
    void verifiesNothingElse() {
        NodeKey key = NodeKey.generate();
        byte[] signature = Identity.sign(key, MESSAGE);
        for (int i = 0; i < signature.length; i++) {
            byte[] damaged = signature.clone();
            damaged[i] ^= 1;
            assertThat(Identity.verify(key.publicKey(), damaged, MESSAGE)).as("byte %d", i).isFalse();
        }
        assertThat(Identity.verify(key.publicKey(), signature, MESSAGE, new byte[1])).isFalse();
        assertThat(Identity.verify(key.publicKey(), Arrays.copyOf(signature, 63), MESSAGE)).isFalse();
        assertThat(Identity.verify(key.publicKey(), new byte[0], MESSAGE)).isFalse();
        assertThat(Identity.verify(NodeKey.generate().publicKey(), signature, MESSAGE)).isFalse();
    }

    @Test
    void acceptsAnyBytesAsAKeyWithoutThrowing() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] key = new byte[32];
        byte[] signature = new byte[64];
        for (int i = 0; i < 200; i++) {
            random.nextBytes(key);
            random.nextBytes(signature);
            signature[63] &= 0x0f;
            assertThat(Identity.verify(NodePublicKey.of(key), signature, MESSAGE)).as("seed %d", seed).isFalse();
        }
    }
}
