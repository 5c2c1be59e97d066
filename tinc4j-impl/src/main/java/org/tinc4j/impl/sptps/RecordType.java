package org.tinc4j.impl.sptps;

/** Record types. Source: tinc SPTPS, "Records": 0 to 127 belong to the application, 128 is the handshake, all others are errors. */
final class RecordType {

    static final int MAX_APPLICATION = 127;
    static final int HANDSHAKE = 128;

    private RecordType() {}

    static void checkApplication(int type) {
        if (type < 0 || type > MAX_APPLICATION) {
            throw new IllegalArgumentException("record type " + type + " is none of an application; use 0 to " + MAX_APPLICATION);
        }
    }
}
