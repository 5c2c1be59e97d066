package org.tinc4j.bench.datapath;

import java.util.ArrayList;
import java.util.List;
import org.tinc4j.testkit.ChildProcess;

/** A tunnel between two daemons that need nothing but to be ended. */
final class DaemonTunnel implements Tunnel {

    private final List<ChildProcess> daemons = new ArrayList<>();

    /** Adds a daemon, left before right; it is ended with the tunnel. */
    void add(ChildProcess daemon) {
        daemons.add(daemon);
    }

    @Override
    public String address(Wire.End end) {
        return end.overlay();
    }

    @Override
    public List<Long> processes() {
        return daemons.stream().map(daemon -> daemon.process().pid()).toList();
    }

    @Override
    public void close() {
        daemons.forEach(ChildProcess::close);
    }
}
