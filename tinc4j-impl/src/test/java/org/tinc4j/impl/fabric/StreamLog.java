package org.tinc4j.impl.fabric;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What one end of a stream hears. Consumes what it receives at once, unless told otherwise. */
final class StreamLog implements StreamSink, StreamAcceptor {

    private final VirtualTime time;
    private final boolean reads;

    /** As {@code 10 connected}: milliseconds and what. */
    final List<String> events = new ArrayList<>();

    final ByteArrayOutputStream received = new ByteArrayOutputStream();
    FabricStream stream;

    StreamLog(VirtualTime time) {
        this(time, true);
    }

    StreamLog(VirtualTime time, boolean reads) {
        this.time = time;
        this.reads = reads;
    }

    @Override
    public StreamSink accepted(FabricStream accepted) {
        stream = accepted;
        log("accepted");
        return this;
    }

    @Override
    public void connected(FabricStream connected) {
        stream = connected;
        log("connected");
    }

    @Override
    public void failed(StreamEnd reason) {
        log(reason.text());
    }

    @Override
    public void received(byte[] bytes) {
        received.writeBytes(bytes);
        if (reads) {
            stream.consumed(bytes.length);
        }
    }

    @Override
    public void writable() {
        log("writable");
    }

    @Override
    public void closed(StreamEnd reason) {
        log(reason.text());
    }

    String text() {
        return received.toString(StandardCharsets.UTF_8);
    }

    private void log(String what) {
        events.add(time.millis() + " " + what);
    }
}
