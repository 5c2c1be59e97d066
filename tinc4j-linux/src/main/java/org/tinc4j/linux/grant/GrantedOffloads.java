package org.tinc4j.linux.grant;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tinc4j.Capabilities;
import org.tinc4j.Offload;
import org.tinc4j.config.DataPathOptions;
import org.tinc4j.linux.sys.Errno;

/**
 * What the kernel does for one interface, or for the sockets of one address. What is refused once is logged once and not tried again.
 *
 * <p><b>Threads.</b> Any.
 */
public final class GrantedOffloads {

    private static final Logger LOG = LoggerFactory.getLogger(GrantedOffloads.class);

    private final String role;
    private final AtomicReference<Capabilities> now;

    /**
     * With all that is not switched off.
     *
     * @param role for the log: {@code UDP 0.0.0.0 port 655}
     * @param kinds what concerns it
     * @param options what is switched off
     */
    public GrantedOffloads(String role, Set<Offload> kinds, DataPathOptions options) {
        this.role = role;
        EnumSet<Offload> active = EnumSet.noneOf(Offload.class);
        EnumMap<Offload, String> inactive = new EnumMap<>(Offload.class);
        for (Offload offload : kinds) {
            if (options.allows(offload)) {
                active.add(offload);
            } else {
                inactive.put(offload, "switched off");
            }
        }
        now = new AtomicReference<>(new Capabilities(active, inactive));
    }

    /**
     * Whether something is in use.
     *
     * @param offload what
     * @return until it is refused
     */
    public boolean uses(Offload offload) {
        return now.get().has(offload);
    }

    /**
     * All of it.
     *
     * @return as of now
     */
    public Capabilities capabilities() {
        return now.get();
    }

    /**
     * The kernel refused. Without {@link Offload#TSO} there is no {@link Offload#USO} either.
     *
     * @param offload what is not used any more
     * @param call what refused, as in {@code setsockopt UDP_GRO}
     * @param errno why
     * @param remedy what the reader of the log can do, and what happens now
     */
    public void refuse(Offload offload, String call, int errno, String remedy) {
        String reason = call + ": " + Errno.describe(errno);
        Capabilities before = now.getAndUpdate(current -> {
            Capabilities less = without(current, offload, reason);
            return offload == Offload.TSO ? without(less, Offload.USO, reason) : less;
        });
        if (before.has(offload)) {
            LOG.info("{} on {}: {} is off; {}", reason, role, offload, remedy);
        }
    }

    private static Capabilities without(Capabilities current, Offload offload, String reason) {
        if (!current.has(offload)) {
            return current;
        }
        EnumSet<Offload> active = EnumSet.copyOf(current.active());
        active.remove(offload);
        Map<Offload, String> inactive = new EnumMap<>(Offload.class);
        inactive.putAll(current.inactive());
        inactive.put(offload, reason);
        return new Capabilities(active, inactive);
    }
}
