package org.tinc4j.impl.ephemeral;

import org.tinc4j.impl.fabric.FabricEvent;
import org.tinc4j.impl.fabric.FabricObserver;
import org.tinc4j.testing.MeshTrace.Kind;

/** Writes what happens on the network into the trace. */
record WireTrace(Recorder recorder) implements FabricObserver {

    @Override
    public void event(FabricEvent what, String from, String to, int bytes, long contentHash, String note) {
        String size = bytes > 0 ? bytes + " bytes " + Long.toHexString(contentHash) : "";
        String detail = size.isEmpty() || note.isEmpty() ? size + note : size + " " + note;
        recorder.record(Kind.WIRE, from, to, what.text(), detail);
    }
}
