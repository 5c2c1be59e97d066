package org.tinc4j.impl.transport;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.tinc4j.impl.ledger.Ledger;

/**
 * Looks host names up without holding a carrier of virtual threads, and so that the wait can be interrupted.
 *
 * <p>The JDK asks the system's resolver in a blocking native call, up to half a minute where no name server answers: on two cores, two such
 * calls on virtual threads would stop everything else. Each look-up has a daemon thread of its own, which ends with the call.
 */
final class HostNames {

    private final Ledger ledger;

    HostNames(Ledger ledger) {
        this.ledger = ledger;
    }

    InetAddress[] lookUp(String host) throws UnknownHostException, InterruptedException {
        if (host.indexOf(':') >= 0 || host.chars().allMatch(c -> c == '.' || c >= '0' && c <= '9')) {
            return InetAddress.getAllByName(host); // A numeric address: nobody is asked.
        }
        CompletableFuture<InetAddress[]> found = new CompletableFuture<>();
        Ledger.Lease lease = ledger.take("thread", "look-up of " + host);
        Thread.ofPlatform().daemon().name("tinc4j look-up of " + host).start(() -> {
            try (lease) {
                found.complete(InetAddress.getAllByName(host));
            } catch (Throwable e) {
                // An error too: somebody waits.
                found.completeExceptionally(e);
            }
        });
        try {
            return found.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownHostException unknown) {
                throw unknown;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
