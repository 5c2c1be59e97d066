package org.tinc4j.impl.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class EcdhTest {

    @Test
    void agreesLikeTinc() {
        for (JsonNode vector : Vectors.read("ecdh.json").get("cases")) {
            Ecdh a = new Ecdh(Vectors.bytes(vector, "seed_a"));
            Ecdh b = new Ecdh(Vectors.bytes(vector, "seed_b"));
            byte[] shared = Vectors.bytes(vector, "shared");
            assertThat(a.publicKey()).isEqualTo(Vectors.bytes(vector, "public_a"));
            assertThat(b.publicKey()).isEqualTo(Vectors.bytes(vector, "public_b"));
            assertThat(a.agree(b.publicKey())).hasValue(shared);
            assertThat(b.agree(a.publicKey())).hasValue(shared);
            assertThat(a.agree(Vectors.bytes(vector, "public_b_sign_flipped"))).hasValue(shared);
        }
    }

    /** Neutral element; y = 0 and y = -1, of order 4 and 2; y = 1 + p, the neutral element again; a point of order 8. */
    @Test
    void refusesPointsOfLowOrder() {
        Ecdh key = new Ecdh(new byte[32]);
        for (String point : new String[] {
            "0100000000000000000000000000000000000000000000000000000000000000",
            "0000000000000000000000000000000000000000000000000000000000000000",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"
        }) {
            assertThat(key.agree(HexFormat.of().parseHex(point))).as(point).isEmpty();
        }
    }
}
