package org.tinc4j.bench.datapath;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.tinc4j.CipherSuite;
import org.tinc4j.Offload;
import org.tinc4j.config.DataPathOptions;
import org.tinc4j.config.DataPathOptions.ReaderThreads;
import org.tinc4j.config.LinkOptions;

/**
 * The names of variants: {@code veth}, {@code wireguard-go}, {@code c-tinc}, {@code tinc4j} with the cipher of C tinc, and tinc4j with options,
 * joined by {@code +} where there are several, for example {@code no-tso+platform}.
 */
final class Variants {

    /** tinc4j with nothing changed but the cipher, which is that of C tinc unless {@link #AES} is named too. */
    static final String TINC4J = "tinc4j";

    private static final String AES = "aes";

    /** Without an interface, at both ends or at one: its own sockets only. */
    private static final String IN_PROCESS = "in-process";

    /** Of the nodes' UDP sockets, so that bursts are lost on a bad wire only. */
    private static final String LARGE_BUFFER = "large-buffer";

    private static final int LARGE_BUFFER_BYTES = 1 << 24;

    private static final Map<String, UnaryOperator<DataPathOptions>> OPTIONS = options();

    private Variants() {}

    private static Map<String, UnaryOperator<DataPathOptions>> options() {
        Map<String, UnaryOperator<DataPathOptions>> options = new LinkedHashMap<>();
        options.put(TINC4J, unchanged -> unchanged);
        options.put(AES, unchanged -> unchanged);
        options.put("java-crypto", o -> o.without(Offload.NATIVE_CRYPTO));
        options.put("no-tso", o -> o.without(Offload.TSO));
        options.put("no-uso", o -> o.without(Offload.USO));
        options.put("no-udp-segment", o -> o.without(Offload.UDP_SEGMENT));
        options.put("no-gro", o -> o.without(Offload.UDP_GRO));
        options.put("no-batch", o -> o.without(Offload.UDP_BATCH));
        options.put("no-offload", o -> o.without(Offload.values()));
        options.put("io_uring", o -> o.with(Offload.IO_URING));
        options.put("platform", o -> o.withReaders(ReaderThreads.PLATFORM));
        options.put("two-queues", o -> o.withQueues(2));
        options.put(IN_PROCESS, unchanged -> unchanged);
        options.put(IN_PROCESS + "-left", unchanged -> unchanged);
        options.put(IN_PROCESS + "-right", unchanged -> unchanged);
        options.put(LARGE_BUFFER, unchanged -> unchanged);
        return options;
    }

    /** Every name there is, but for combinations. */
    static List<String> names() {
        List<String> names = new ArrayList<>(List.of(PlainVariant.NAME, WireguardVariant.NAME, TincdVariant.NAME));
        names.addAll(OPTIONS.keySet());
        return names;
    }

    /**
     * Refuses a name that is none.
     *
     * @throws IllegalArgumentException saying which there are
     */
    static void check(String name) {
        if (!List.of(PlainVariant.NAME, WireguardVariant.NAME, TincdVariant.NAME).contains(name)) {
            dataPath(name);
        }
    }

    /**
     * What the options in a name make of the default.
     *
     * @throws IllegalArgumentException if it names something else
     */
    static DataPathOptions dataPath(String name) {
        DataPathOptions options = DataPathOptions.DEFAULT;
        for (String word : name.split("\\+")) {
            UnaryOperator<DataPathOptions> change = OPTIONS.get(word);
            if (change == null) {
                throw new IllegalArgumentException("variant \"" + word + "\" is unknown; there are " + names());
            }
            options = change.apply(options);
        }
        return options;
    }

    /** Whether a node has no interface. */
    static boolean inProcess(String name, String end) {
        List<String> words = List.of(name.split("\\+"));
        return words.contains(IN_PROCESS) || words.contains(IN_PROCESS + "-" + end);
    }

    /** How a node talks to the outside world. */
    static LinkOptions link(String name) {
        LinkOptions o = LinkOptions.DEFAULT;
        if (!List.of(name.split("\\+")).contains(LARGE_BUFFER)) {
            return o;
        }
        return new LinkOptions(
                o.addressFamily(), o.indirectData(), o.tcpOnly(), o.pmtuDiscovery(), o.clampMss(), o.udpDiscovery(), o.localDiscovery(),
                o.pmtuBytes(), o.weight(), o.replayWindowBytes(), o.maxOutputBufferBytes(), o.maxConnectionBurst(), LARGE_BUFFER_BYTES,
                o.udpSendBufferBytes());
    }

    /** The cipher between the two nodes. */
    static CipherSuite cipher(String name) {
        return List.of(name.split("\\+")).contains(AES) ? CipherSuite.AES_256_GCM : CipherSuite.CHACHA20_POLY1305;
    }

    /** Makes a variant of a name that has been checked. */
    static Variant named(String name, List<String> jvm) {
        return switch (name) {
            case PlainVariant.NAME -> new PlainVariant();
            case WireguardVariant.NAME -> new WireguardVariant();
            case TincdVariant.NAME -> new TincdVariant();
            default -> new JavaVariant(name, jvm);
        };
    }
}
