/** What an embedder compiles against: the node, its configuration, its events, and the ports a platform supplies. */
module tinc4j.api {
    requires transitive org.slf4j;

    exports org.tinc4j;
    exports org.tinc4j.config;
    exports org.tinc4j.event;
    exports org.tinc4j.spi;
    exports org.tinc4j.testing;

    uses org.tinc4j.spi.MeshEngine;
    uses org.tinc4j.spi.NodeEngine;
}
