package org.tinc4j.impl.engine;

import java.io.IOException;
import java.time.Duration;
import org.tinc4j.TincNode;
import org.tinc4j.config.NodeSettings;
import org.tinc4j.impl.ledger.Ledger;
import org.tinc4j.impl.transport.NioNetwork;
import org.tinc4j.spi.NodeEngine;

/** The engine of tinc4j. */
public final class TincEngine implements NodeEngine {

    private static final Duration LISTENER_PATIENCE = Duration.ofSeconds(10);

    /** For {@link java.util.ServiceLoader}. */
    public TincEngine() {}

    @Override
    public TincNode start(NodeSettings settings) throws IOException {
        Ledger ledger = Ledger.silent();
        return RunningNode.start(settings, new NioNetwork(ledger, Platform.transports()), ledger, Platform.ciphers(), LISTENER_PATIENCE);
    }
}
