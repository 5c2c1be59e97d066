/** What an embedder compiles against: the node, its configuration, its events, and the ports a platform supplies. */
module tinc4j.api {
    requires transitive org.slf4j;

    exports org.tinc4j;
    exports org.tinc4j.config;
    exports org.tinc4j.event;
    exports org.tinc4j.spi;

    uses org.tinc4j.spi.NodeEngine;
}
