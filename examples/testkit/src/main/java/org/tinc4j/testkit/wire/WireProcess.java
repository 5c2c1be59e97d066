package org.tinc4j.testkit.wire;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.tinc4j.Device;
import org.tinc4j.Offload;
import org.tinc4j.config.DataPathOptions;
import org.tinc4j.spi.DeviceProvider;
import org.tinc4j.spi.PacketDevice;

/**
 * Main program of a wire as bad as one wants it: what is sent into a TUN comes out of the next one, that of the last out of the first, that
 * of a single one out of itself. Super-packets of the kernel are cut before they come here, so each datagram has its own fate.
 *
 * <pre>
 * arguments       CONDITIONS SEED INTERFACE...   conditions as of {@link Conditions#word()}
 * output          READY once the interfaces are there, then one line for each request
 * conditions CONDITIONS SEED                     from now on: ok
 * counters                                       {@link LaneCounters} of each direction, the first being out of the first interface
 * </pre>
 *
 * <p>The interfaces are not configured. They may be moved to other namespaces. The end of the input ends the program.
 */
public final class WireProcess {

    /** Says that the interfaces are there. */
    public static final String READY = "READY";

    private static final int MTU_BYTES = 1500;

    private final List<Lane> lanes;

    private WireProcess(List<Lane> lanes) {
        this.lanes = lanes;
    }

    /**
     * Runs until the input ends.
     *
     * @param arguments see above
     * @throws IOException if an interface cannot be made
     */
    public static void main(String[] arguments) throws IOException {
        DataPathOptions plain = DataPathOptions.DEFAULT.without(Offload.TSO, Offload.USO).withQueues(1);
        DeviceProvider provider = ServiceLoader.load(DeviceProvider.class).findFirst().orElseThrow();
        List<PacketDevice> devices = new ArrayList<>();
        for (String name : List.of(arguments).subList(2, arguments.length)) {
            devices.add(provider.open(Device.kernel().name(name).mtu(MTU_BYTES).unconfigured(), plain));
        }
        List<Lane> lanes = new ArrayList<>();
        for (int i = 0; i < devices.size(); i++) {
            Lane lane = new Lane(devices.get(i), devices.get((i + 1) % devices.size()));
            start("read " + i, lane::readForEver);
            start("write " + i, lane::writeForEver);
            lanes.add(lane);
        }
        WireProcess wire = new WireProcess(lanes);
        wire.conditions(arguments[0], arguments[1]);
        System.out.println(READY);
        wire.serve(new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)));
        System.exit(0);
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private static void start(String name, Work work) {
        Thread.ofPlatform().name(name).start(() -> {
            try {
                work.run();
            } catch (IOException | InterruptedException | RuntimeException e) {
                e.printStackTrace();
                System.exit(1);
            }
        });
    }

    private void serve(BufferedReader in) throws IOException {
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            System.out.println(answer(line.split(" ")));
        }
    }

    private void conditions(String word, String seed) {
        for (int i = 0; i < lanes.size(); i++) {
            lanes.get(i).conditions(Conditions.parse(word), Long.parseLong(seed) + i);
        }
    }

    private String answer(String[] words) {
        return switch (words[0]) {
            case "conditions" -> {
                conditions(words[1], words[2]);
                yield "ok";
            }
            case "counters" -> lanes.stream().map(lane -> lane.counters().word()).collect(Collectors.joining(" "));
            default -> throw new IllegalArgumentException("unknown request \"" + words[0] + "\"");
        };
    }
}
