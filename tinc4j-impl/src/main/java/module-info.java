/** The engine. Exports nothing; found through {@link java.util.ServiceLoader}. */
module tinc4j.impl {
    requires tinc4j.api;
    requires org.bouncycastle.provider;

    requires jdk.net;

    provides org.tinc4j.spi.NodeEngine with
            org.tinc4j.impl.engine.TincEngine;

    provides org.tinc4j.spi.MeshEngine with
            org.tinc4j.impl.ephemeral.EphemeralEngine;

    uses org.tinc4j.spi.AeadProvider;
    uses org.tinc4j.spi.DeviceProvider;
    uses org.tinc4j.spi.TransportProvider;
}
