package org.tinc4j.bench.datapath;

import java.nio.file.Path;
import java.util.List;

/** No tunnel: the wire itself, as control. */
record PlainVariant() implements Variant {

    static final String NAME = "veth";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Tunnel start(Wire wire, Path directory) {
        return new Bare();
    }

    private record Bare() implements Tunnel {

        @Override
        public String address(Wire.End end) {
            return end.underlay();
        }

        @Override
        public List<Long> processes() {
            return List.of();
        }

        @Override
        public void close() {
            // Nothing was started.
        }
    }
}
