/** The engine. Exports nothing; found through {@link java.util.ServiceLoader}. */
module tinc4j.impl {
    requires tinc4j.api;
    requires org.bouncycastle.provider;

    uses org.tinc4j.spi.DeviceProvider;
}
