/** What an embedder compiles against: the node, its configuration, its events, and the ports a platform supplies. */
module tinc4j.api {
    requires transitive java.net.http;
    requires transitive org.slf4j;

    // For org.tinc4j.testing.junit alone; a program runs without it. Not transitive: whatever requires this module would not compile without JUnit.
    requires static org.junit.jupiter.api;

    exports org.tinc4j;
    exports org.tinc4j.config;
    exports org.tinc4j.event;
    exports org.tinc4j.net;
    exports org.tinc4j.spi;
    exports org.tinc4j.testing;
    exports org.tinc4j.testing.junit;

    uses org.tinc4j.spi.MeshEngine;
    uses org.tinc4j.spi.NodeEngine;
}
