package org.tinc4j;

/** How the data between two nodes is sealed. */
public enum CipherSuite {
    /** What every tinc 1.1 node speaks. */
    CHACHA20_POLY1305("chacha20-poly1305"),
    /** Faster where the processor has instructions for it, as nearly all have. tinc4j only, and tincr where both ends are configured for it. */
    AES_256_GCM("aes-256-gcm");

    private final String label;

    CipherSuite(String label) {
        this.label = label;
    }

    /**
     * Its name in configuration files.
     *
     * @return in lower case
     */
    public String label() {
        return label;
    }
}
