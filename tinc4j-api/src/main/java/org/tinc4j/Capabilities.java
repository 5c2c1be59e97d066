package org.tinc4j;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * What the system does for the data path, and why it does not do the rest. Immutable; what is refused while the node runs moves from one
 * side to the other, so take it anew.
 *
 * @param active what is in use
 * @param inactive what is not, each with the reason: switched off, the call and its error, or that nothing here offers it
 */
public record Capabilities(Set<Offload> active, Map<Offload, String> inactive) {

    /** Of whoever has nothing to say about offloads. */
    public static final Capabilities NONE = new Capabilities(Set.of(), Map.of());

    /** Copies both, in the order of the enumeration. */
    public Capabilities {
        EnumMap<Offload, String> reasons = new EnumMap<>(Offload.class);
        reasons.putAll(inactive);
        EnumSet<Offload> used = EnumSet.noneOf(Offload.class);
        used.addAll(active);
        reasons.keySet().removeAll(used);
        active = java.util.Collections.unmodifiableSet(used);
        inactive = java.util.Collections.unmodifiableMap(reasons);
    }

    /**
     * Together with what another part of the node says. What is in use in one place counts as in use.
     *
     * @param other the other part
     * @return both
     */
    public Capabilities and(Capabilities other) {
        EnumSet<Offload> used = EnumSet.noneOf(Offload.class);
        used.addAll(active);
        used.addAll(other.active);
        EnumMap<Offload, String> reasons = new EnumMap<>(Offload.class);
        reasons.putAll(other.inactive);
        reasons.putAll(inactive);
        return new Capabilities(used, reasons);
    }

    /**
     * Whether something is in use.
     *
     * @param offload what
     * @return whether it is
     */
    public boolean has(Offload offload) {
        return active.contains(offload);
    }
}
