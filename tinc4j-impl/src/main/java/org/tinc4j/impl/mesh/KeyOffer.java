package org.tinc4j.impl.mesh;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.tinc4j.CipherSuite;

/**
 * The words behind the KEX of a REQ_KEY, which C tinc ignores and its relays pass on.
 *
 * <pre>
 * 15 alpha beta 15 KEX suites=aes-256-gcm smaller-name-insists
 * </pre>
 *
 * <p>They are not signed. A relay that takes them away, or adds some, changes which cipher is used; it cannot make the two sides disagree.
 *
 * @param suites ciphers the sender can use besides the one that every node speaks
 * @param smallerNameInsists should requests cross, the side with the smaller name stays initiator
 */
record KeyOffer(Set<CipherSuite> suites, boolean smallerNameInsists) {

    private static final String SUITES = "suites=";
    private static final String SMALLER_NAME_INSISTS = "smaller-name-insists";

    /** Number, from, to, sub-request and KEX stand before the words. */
    private static final int FIELDS = 5;

    /** Ours, for a session that may use these. */
    static KeyOffer of(List<CipherSuite> suites) {
        Set<CipherSuite> more = EnumSet.noneOf(CipherSuite.class);
        more.addAll(suites.size() > 1 ? suites : List.of());
        more.remove(CipherSuite.CHACHA20_POLY1305);
        return new KeyOffer(more, true);
    }

    /** Reads a request; what is not understood is ignored. */
    static KeyOffer read(String request) {
        Set<CipherSuite> suites = EnumSet.noneOf(CipherSuite.class);
        boolean insists = false;
        for (String word : Arrays.stream(request.strip().split("\\s+")).skip(FIELDS).toList()) {
            insists |= word.equals(SMALLER_NAME_INSISTS);
            if (word.startsWith(SUITES)) {
                List<String> labels = List.of(word.substring(SUITES.length()).split(","));
                Arrays.stream(CipherSuite.values()).filter(suite -> labels.contains(suite.label())).forEach(suites::add);
                suites.remove(CipherSuite.CHACHA20_POLY1305);
            }
        }
        return new KeyOffer(suites, insists);
    }

    /** The request with the words behind it. */
    String appendTo(String request) {
        String labels = suites.stream().map(CipherSuite::label).collect(Collectors.joining(","));
        return request + (labels.isEmpty() ? "" : " " + SUITES + labels) + (smallerNameInsists ? " " + SMALLER_NAME_INSISTS : "");
    }
}
