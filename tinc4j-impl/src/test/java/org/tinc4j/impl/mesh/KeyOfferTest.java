package org.tinc4j.impl.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tinc4j.CipherSuite.AES_256_GCM;
import static org.tinc4j.CipherSuite.CHACHA20_POLY1305;

import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tinc4j.NodeName;
import org.tinc4j.impl.sptps.Suites;
import org.tinc4j.impl.wire.MetaRequest;
import org.tinc4j.impl.wire.MetaRequestParser;

class KeyOfferTest {

    private static final String REQUEST = "15 alpha beta 15 AAAA";
    private static final long SEED = Long.getLong("fuzz.seed", 20240601L);
    private static final String[] PIECES = {
        "suites=", "aes-256-gcm", "chacha20-poly1305", ",", " ", "  ", "\t", "=", "smaller-name-insists", "x", "\u00ff", "SUITES="
    };

    @Test
    void namesWhatMayBeUsedBesidesWhatEverybodySpeaks() {
        assertThat(KeyOffer.of(List.of(CHACHA20_POLY1305, AES_256_GCM)).appendTo(REQUEST))
                .isEqualTo(REQUEST + " suites=aes-256-gcm smaller-name-insists");
    }

    @Test
    void saysNothingOfCiphersWhereThereIsNothingToAgreeOn() {
        assertThat(KeyOffer.of(Suites.PLAIN).appendTo(REQUEST)).isEqualTo(REQUEST + " smaller-name-insists");
        assertThat(KeyOffer.of(List.of(AES_256_GCM)).appendTo(REQUEST)).isEqualTo(REQUEST + " smaller-name-insists");
    }

    @Test
    void readsWhatItPrints() {
        KeyOffer offer = KeyOffer.of(List.of(CHACHA20_POLY1305, AES_256_GCM));

        assertThat(KeyOffer.read(offer.appendTo(REQUEST))).isEqualTo(offer);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", " suites=", " suites=,,,", " suites=aes-256-gcm2", " suites = aes-256-gcm", " aes-256-gcm", " Suites=aes-256-gcm", " suites=rot13 x", " suites=chacha20-poly1305"
    })
    void takesNothingForAnOfferThatIsNone(String words) {
        assertThat(KeyOffer.read(REQUEST + words)).isEqualTo(new KeyOffer(Set.of(), false));
    }

    @Test
    void readsPastWordsAndCiphersOfALaterVersion() {
        assertThat(KeyOffer.read(REQUEST + " hybrid-kex suites=rot13,aes-256-gcm smaller-name-insists compress"))
                .isEqualTo(new KeyOffer(Set.of(AES_256_GCM), true));
    }

    @Test
    void theFieldsBeforeAreNoWords() {
        assertThat(KeyOffer.read("15 alpha beta 15 suites=aes-256-gcm").suites()).isEmpty();
        assertThat(KeyOffer.read("15 alpha beta 15").suites()).isEmpty();
        assertThat(KeyOffer.read("").suites()).isEmpty();
    }

    @Test
    void noWordsCrashItOrChangeTheRequest() {
        Random random = new Random(SEED);
        var plain = new MetaRequestParser.Result.Parsed(new MetaRequest.ReqKey(new NodeName("alpha"), new NodeName("beta"), 15, "AAAA"));
        for (int i = 0; i < 20_000; i++) {
            StringBuilder line = new StringBuilder(REQUEST).append(' ');
            for (int pieces = random.nextInt(12); pieces > 0; pieces--) {
                line.append(PIECES[random.nextInt(PIECES.length)]);
            }
            KeyOffer offer = KeyOffer.read(line.toString());

            assertThat(KeyOffer.read(offer.appendTo(REQUEST))).as("seed %d, line %s", SEED, line).isEqualTo(offer);
            assertThat(MetaRequestParser.parse(line.toString())).as("seed %d, line %s", SEED, line).isEqualTo(plain);
        }
    }
}
