package org.tinc4j.interop;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Holds what an expert remarked about packets against the {@link Flow}s they belong to. */
final class FlowJudge {

    /**
     * On a busy machine acknowledgements come late, and a stack asks after them with its last segment (RFC 8985 section 7). That is no fault
     * where a timer did it, and none is as soon as this by the sender's own clock: ours waits for 5 ms at least, the kernel's for two ticks.
     */
    private static final int SOONER_THAN_ANY_TIMER_MILLIS = 2;

    /** How often that may happen, in all flows together. */
    private static final int TIMERS = 30;

    private final Site node;
    private final Map<Run, Map<Note, Integer>> noted = new LinkedHashMap<>();
    private final Map<End, List<Capture.Packet>> sent = new HashMap<>();
    private final List<String> faults = new ArrayList<>();
    private int timers;

    /** One run of a flow: who dialled, and over which IP version. */
    private record Run(Flow flow, boolean nodeDialled, boolean ipv6) {}

    /** The sender of one direction. */
    private record End(String address, int port, int otherPort) {}

    private FlowJudge(Site node) {
        this.node = node;
    }

    /**
     * Judges all packets between a node and the kernel of another host.
     *
     * @param node the one without an interface
     * @return whatever is wrong with them
     */
    static List<String> faults(List<Capture.Packet> packets, Site node) {
        FlowJudge judge = new FlowJudge(node);
        packets.forEach(judge::take);
        judge.noted.forEach(judge::close);
        for (Flow flow : Flow.values()) {
            long runs = judge.noted.keySet().stream().filter(run -> run.flow() == flow).count();
            if (runs != 4) {
                judge.faults.add(flow + " was seen " + runs + " times");
            }
        }
        if (judge.timers > TIMERS) {
            judge.faults.add(judge.timers + " segments were sent again by timers, although none was lost");
        }
        return judge.faults;
    }

    private void take(Capture.Packet packet) {
        Set<Note> notes = EnumSet.noneOf(Note.class);
        for (String remark : packet.notes()) {
            Note.of(remark).ifPresentOrElse(notes::add, () -> faults.add(remark + ": " + packet));
        }
        boolean ofNode = List.of(node.overlay4(), node.overlay6()).contains(packet.source());
        if (!packet.verified() && (ofNode || !notes.remove(Note.OTHER_ZERO))) {
            faults.add("its checksum is wrong or unknown: " + packet);
        }
        Flow flow = Flow.of(packet.sourcePort(), packet.destinationPort()).orElse(null);
        if (flow == null) {
            notes.forEach(note -> faults.add(note + " outside of flows: " + packet));
            return;
        }
        boolean ofDialler = packet.destinationPort() == flow.port();
        Run run = new Run(flow, ofNode == ofDialler, packet.source().contains(":"));
        Map<Note, Integer> counts = noted.computeIfAbsent(run, unused -> new EnumMap<>(Note.class));
        if (notes.remove(Note.REPEATED_NEEDLESSLY)) {
            notes.add(Note.REPEATED); // Which it says besides, or not.
        }
        notes.forEach(note -> counts.merge(note, 1, Integer::sum));
        if (notes.contains(Note.REPEATED)) {
            repeated(packet);
        }
        List<Capture.Packet> before = sent.computeIfAbsent(end(packet), unused -> new ArrayList<>());
        // RFC 7323 section 5: the peer takes for old what bears a smaller one. They are numbers of 32 bits.
        if (packet.stamp() >= 0 && !before.isEmpty() && (int) (packet.stamp() - before.getLast().stamp()) < 0) {
            faults.add("its timestamp runs backwards from " + before.getLast().stamp() + ": " + packet);
        }
        before.add(packet);
    }

    private static End end(Capture.Packet packet) {
        return new End(packet.source(), packet.sourcePort(), packet.destinationPort());
    }

    /** Something was sent again, and nothing is lost here. */
    private void repeated(Capture.Packet packet) {
        timers++;
        long last = packet.seq() + Math.max(packet.length(), 1) - 1;
        long before = sent.getOrDefault(end(packet), List.of()).stream()
                .filter(earlier -> earlier.seq() <= last && last < earlier.seq() + Math.max(earlier.length(), 1))
                .mapToLong(Capture.Packet::stamp).reduce(-1, (older, newer) -> newer);
        if (before < 0 || (int) (packet.stamp() - before) < SOONER_THAN_ANY_TIMER_MILLIS) {
            faults.add("sent again, " + (before < 0 ? "never seen before" : "at first with timestamp " + before) + ": " + packet);
        }
    }

    private void close(Run run, Map<Note, Integer> counts) {
        int repeated = counts.getOrDefault(Note.REPEATED, 0);
        for (Note note : Note.values()) {
            boolean belongs = run.flow().belonging().contains(note);
            boolean possible = belongs || run.flow().possible().contains(note);
            int count = counts.getOrDefault(note, 0);
            if (Note.BY_TIMER.contains(note) ? count > repeated : count > 0 ? !possible : belongs) {
                faults.add(count + " times " + note + " in " + run);
            }
        }
    }
}
