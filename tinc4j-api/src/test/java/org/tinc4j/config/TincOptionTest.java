package org.tinc4j.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tinc4j.config.TincOption.Treatment;

class TincOptionTest {

    @Test
    void namesEachVariableOnceWhateverTheCase() {
        assertThat(Arrays.stream(TincOption.values()).map(option -> option.text().toLowerCase(Locale.ROOT))).doesNotHaveDuplicates();
        assertThat(TincOption.of("aDDrESS")).contains(TincOption.ADDRESS);
    }

    @Test
    void hasARemedyForEverythingItRefusesAndAReasonForEverythingItIgnores() {
        assertThat(TincOption.values())
                .filteredOn(option -> option.treatment() == Treatment.PARTLY_SUPPORTED || option.treatment() == Treatment.IGNORED)
                .allSatisfy(option -> assertThat(option.explanation()).isNotBlank());
    }

    @ParameterizedTest
    @CsvSource({"ConectTo, CONNECT_TO", "Subnets, SUBNET", "StrictSubnet, STRICT_SUBNETS", "pinginterva, PING_INTERVAL", "Adress, ADDRESS"})
    void findsWhatWasMeant(String mistyped, TincOption meant) {
        assertThat(TincOption.nearest(mistyped)).contains(meant);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Foo", "X", "Frobnicate", "Mo"})
    void guessesNothingFarFetched(String name) {
        assertThat(TincOption.nearest(name)).isEmpty();
    }
}
