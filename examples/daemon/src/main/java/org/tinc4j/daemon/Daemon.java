package org.tinc4j.daemon;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.tinc4j.Device;
import org.tinc4j.Tinc;
import org.tinc4j.TincNode;
import org.tinc4j.config.ConfigException;
import org.tinc4j.config.NodeSettings;
import org.tinc4j.event.TincEvent;
import org.tinc4j.spi.DeviceInfo;
import org.tinc4j.spi.PacketDevice;

/**
 * One node from start to stop.
 *
 * <ol>
 *   <li>pid file, signals
 *   <li>the interface; with a {@code tinc-up} script it is opened here and left to the script, before anybody can connect; without one
 *       the node opens and configures it
 *   <li>the node
 *   <li>requests, one after the other, until one of them ends it
 *   <li>all down scripts, while the interface is still there; then the node with its interface; then the pid file
 * </ol>
 *
 * <p><b>Threads.</b> {@link #run} keeps its caller, who alone touches the node. Scripts run on a thread of their own, which also gets the
 * node's events; whatever is to be done with scripts is queued there.
 */
final class Daemon {

    /** Why a daemon ended. */
    enum End {
        /** A signal asked for it. */
        ASKED,
        /** It could not start, or lost its interface. */
        FAILED
    }

    /** What a signal, or a failure underneath, asks for. */
    private enum Request {
        RELOAD,
        RECONNECT,
        STOP,
        FAIL
    }

    /** What scripts are told of {@code DeviceType = dummy}. */
    private static final DeviceInfo DUMMY = new DeviceInfo("none", "dummy", 0, "");

    private final Configuration started;
    private final LogOutput output;
    private final Logger log;
    private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
    private final ExecutorService scriptThread =
            Executors.newSingleThreadExecutor(Thread.ofVirtual().name("scripts").factory());
    private final CompletableFuture<DeviceInfo> device = new CompletableFuture<>();
    private final MeshScripts scripts;
    private NodeSettings applied;

    Daemon(Configuration configuration, LogOutput output, Logger log) {
        this.started = configuration;
        this.applied = configuration.settings();
        this.output = output;
        this.log = log;
        this.scripts = new MeshScripts(
                applied.name(), applied.subnets(), configuration.deviceUse(), scripts(configuration, Map.of()), log);
    }

    /** Runs until a signal ends it. */
    End run() {
        Optional<PidFile> pidFile = Optional.empty();
        try {
            pidFile = writePidFile();
            answerSignals();
            return runNode();
        } catch (IOException e) {
            log.error("{}", e.getMessage());
            log.debug("cause", e);
            return End.FAILED;
        } catch (InterruptedException e) {
            log.error("interrupted");
            return End.FAILED;
        } finally {
            scriptThread.shutdown();
            pidFile.ifPresent(this::remove);
            log.info("ended");
        }
    }

    private Optional<PidFile> writePidFile() throws IOException {
        return started.commandLine().pidFile().isPresent()
                ? Optional.of(PidFile.write(started.commandLine().pidFile().get(), ProcessHandle.current().pid()))
                : Optional.empty();
    }

    private void remove(PidFile file) {
        try {
            file.close();
        } catch (IOException e) {
            log.warn("pid file not removed: {}", e.getMessage());
        }
    }

    private void answerSignals() {
        Signals.on("TERM", () -> requests.add(Request.STOP));
        Signals.on("INT", () -> requests.add(Request.STOP));
        Signals.on("HUP", () -> requests.add(Request.RELOAD));
        Signals.on("ALRM", () -> requests.add(Request.RECONNECT));
    }

    private End runNode() throws IOException, InterruptedException {
        if (!started.commandLine().foreground()) {
            log.info("staying in the foreground: a JVM cannot detach; let systemd run it, or see --help, and give -D");
        }
        started.ignored().forEach(log::info);
        Optional<PacketDevice> opened = Optional.empty();
        Future<?> up = onScriptThread(() -> {
            scripts.use(scripts(started, deviceVariables(device.join())));
            scripts.start();
        });
        try {
            Device choice = started.device();
            if (!(choice instanceof Device.Kernel kernel)) {
                device.complete(DUMMY);
                await(up);
            } else if (scripts(started, Map.of()).has("tinc-up")) {
                opened = Optional.of(KernelInterface.open(kernel.unconfigured()));
                choice = Device.of(opened.get());
                device.complete(opened.get().info());
                await(up);
            }
            try (TincNode node = builder(choice).start()) {
                device.complete(node.status().device());
                await(up);
                log.info("ready: node {} listens on {}, interface {}", node.name(), node.status().listening(), device.join().name());
                End end = serve(node);
                await(onScriptThread(scripts::stop));
                return end;
            }
        } finally {
            // After a failed start; else this is all done.
            device.cancel(false);
            await(onScriptThread(scripts::stop));
            opened.ifPresent(PacketDevice::close);
        }
    }

    private Tinc.Builder builder(Device choice) {
        return started.builder()
                .device(choice)
                .executor(scriptThread)
                .listener(scripts)
                .listener(event -> {
                    if (event instanceof TincEvent.DeviceDown) {
                        requests.add(Request.FAIL);
                    }
                });
    }

    private End serve(TincNode node) throws InterruptedException, IOException {
        while (true) {
            switch (requests.take()) {
                case RELOAD -> reload(node);
                case RECONNECT -> {
                    log.info("dialling every peer that is not connected");
                    node.reconnect();
                }
                case STOP -> {
                    log.info("stopping");
                    return End.ASKED;
                }
                case FAIL -> {
                    log.error("stopping: the node has lost its interface or a socket");
                    return End.FAILED;
                }
            }
        }
    }

    private void reload(TincNode node) throws IOException {
        reopenLog();
        Configuration now;
        try {
            now = Configuration.read(started.commandLine());
        } catch (ConfigException e) {
            e.problems().forEach(log::error);
            log.error("not reloaded, the old configuration stays in force");
            return;
        } catch (IOException e) {
            log.error("not reloaded, the old configuration stays in force: {}", e.getMessage());
            return;
        }
        if (!now.settings().name().equals(node.name())) {
            log.error("not reloaded: Name is {} now but was {}; restart to change it", now.settings().name(), node.name());
            return;
        }
        now.ignored().forEach(log::info);
        started.needingRestart(now).forEach(part -> log.warn("{} has changed; restart to put that into force", part));
        onScriptThread(() -> scripts.use(scripts(now, deviceVariables(device.join()))));
        Changes changes = Changes.between(applied, now.settings());
        changes.applyTo(node);
        applied = now.settings();
        log.info("reloaded: {}", changes);
    }

    private void reopenLog() {
        try {
            output.reopen();
        } catch (IOException e) {
            log.warn("log file not opened anew, the old one stays in use: {}", e.getMessage());
        }
    }

    private Scripts scripts(Configuration configuration, Map<String, String> deviceVariables) {
        Map<String, String> common = new TreeMap<>(deviceVariables);
        configuration.commandLine().network().ifPresent(network -> common.put("NETNAME", network));
        common.put("NAME", configuration.settings().name().value());
        common.put("DEBUG", Integer.toString(started.debugLevel()));
        return new Scripts(
                configuration.directory().path(),
                configuration.scripts(),
                common,
                new Scripts.Output(configuration.commandLine().logFile()),
                log);
    }

    private static Map<String, String> deviceVariables(DeviceInfo info) {
        return Map.of("DEVICE", info == DUMMY ? info.name() : "/dev/net/tun", "INTERFACE", info.name());
    }

    private Future<?> onScriptThread(Runnable task) {
        return scriptThread.submit(task);
    }

    /** Waits for what was queued; a start that was called off is no failure of its own. */
    private void await(Future<?> task) throws InterruptedException {
        try {
            task.get();
        } catch (ExecutionException e) {
            if (!device.isCancelled()) {
                throw new IllegalStateException(e.getCause());
            }
        }
    }
}
