package org.tinc4j.interop;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * What the servers here serve, whatever library serves it: {@code GET /N} answers N bytes that follow from N; {@code POST /N} takes them, and
 * answers {@value #EQUAL} or {@value #DIFFERENT}.
 */
final class Pages {

    /** The field with the address that the server saw: one for each connection. */
    static final String SEEN = "Seen-From";

    /** The field with the node that the server took it for. */
    static final String PEER = "Peer";

    static final int EQUAL = 200;
    static final int DIFFERENT = 422;

    private Pages() {}

    /** The bytes that belong to a path. */
    static byte[] of(String path) {
        int length = Integer.parseInt(path.substring(1));
        byte[] bytes = new byte[length];
        new SplittableRandom(length).nextBytes(bytes);
        return bytes;
    }

    /** What a body that was sent to a path is worth. */
    static int judge(String path, byte[] body) {
        return Arrays.equals(body, of(path)) ? EQUAL : DIFFERENT;
    }
}
