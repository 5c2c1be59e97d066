package org.tinc4j.impl.ephemeral;

import org.tinc4j.impl.fabric.ContentHash;
import org.tinc4j.impl.fabric.FabricEvent;
import org.tinc4j.impl.fabric.FabricObserver;
import org.tinc4j.testing.MeshTrace.Kind;

/** Writes what happens on the network into the trace. */
record WireTrace(Recorder recorder) implements FabricObserver {

    @Override
    public void event(FabricEvent what, String from, String to, byte[] payload, String note) {
        String size = payload.length > 0 ? payload.length + " bytes " + Long.toHexString(ContentHash.of(payload)) : "";
        String detail = size.isEmpty() || note.isEmpty() ? size + note : size + " " + note;
        recorder.record(Kind.WIRE, from, to, what.text(), detail);
    }
}
