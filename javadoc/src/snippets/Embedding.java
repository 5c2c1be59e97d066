import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tinc4j.AuthenticationException;
import org.tinc4j.DeviceException;
import org.tinc4j.Tinc;
import org.tinc4j.TincNode;
import org.tinc4j.TransportException;
import org.tinc4j.config.ConfigException;
import org.tinc4j.event.TincEvent;

/** A node that lives as long as the service around it. */
// @start region="service"
final class Embedding implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Embedding.class);

    private final TincNode node;

    Embedding(Tinc.Builder builder) throws IOException {
        node = builder.listener(Embedding::tell).start(); // returns at once: the mesh forms in the background
    }

    private static void tell(TincEvent event) {
        if (event instanceof TincEvent.NodeReachable up) {
            LOG.info("{} joined", up.node());
        } else if (event instanceof TincEvent.NodeUnreachable down) {
            LOG.info("{} left", down.node());
        } else if (event instanceof TincEvent.ConnectionDown down) {
            LOG.warn("connection lost: {}", down.reason());
        }
    }

    @Override
    public void close() {
        node.close(); // waits until every thread and socket is gone
    }
}
// @end

/** What can go wrong at the start. */
final class Starting {

    private static final Logger LOG = LoggerFactory.getLogger(Starting.class);

    private Starting() {}

    static TincNode start(Tinc.Builder builder) throws IOException {
        // @start region="failure"
        try {
            return builder.start();
        } catch (ConfigException e) {
            e.problems().forEach(LOG::error); // all of them at once, each with its remedy
            throw e;
        } catch (AuthenticationException | DeviceException | TransportException e) {
            LOG.error("key, device or port: {}", e.getMessage());
            throw e;
        }
        // @end
    }
}
