package org.tinc4j.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tinc4j.Device;
import org.tinc4j.NodeKey;
import org.tinc4j.config.ConfigException;

class ConfigurationTest {

    @TempDir
    private Path directory;

    @BeforeEach
    void makeDirectory() throws IOException {
        Files.createDirectories(directory.resolve("hosts"));
        Files.writeString(directory.resolve("hosts/me"), "Port = 0\n");
        NodeKey.generate().write(directory.resolve("ed25519_key.priv"));
        server();
    }

    private void server(String... lines) throws IOException {
        List<String> all = new ArrayList<>(List.of("Name = me", "AutoConnect = no"));
        all.addAll(List.of(lines));
        Files.write(directory.resolve("tinc.conf"), all);
    }

    private Configuration read(String... words) throws IOException {
        List<String> all = new ArrayList<>(List.of("-c", directory.toString()));
        all.addAll(List.of(words));
        try {
            return Configuration.read(CommandLine.parse(all, Map.of()));
        } catch (UsageException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void takesTheDebugLevelOfTheCommandLineBeforeThatOfTheFile() throws IOException {
        assertThat(read().debugLevel()).isZero();
        server("LogLevel = 3");
        assertThat(read().debugLevel()).isEqualTo(3);
        assertThat(read("-d", "1").debugLevel()).isEqualTo(1);
        assertThat(read("-o", "LogLevel=4").debugLevel()).isEqualTo(4);
    }

    @Test
    void insistsOnAKernelInterfaceNamedByFileOrNetwork() throws IOException {
        assertThat(read().device()).isEqualTo(Device.kernel());
        assertThat(read("-n", "corp").device()).isEqualTo(Device.kernel().name("corp"));
        server("Interface = vpn0");
        assertThat(read("-n", "corp").device()).isEqualTo(Device.kernel().name("vpn0"));
    }

    @Test
    void hasNoDeviceForADummy() throws IOException {
        server("DeviceType = dummy");

        assertThat(read().device()).isEqualTo(Device.none());
    }

    @Test
    void readsHowScriptsAreRun() throws IOException {
        server("ScriptsInterpreter = /bin/sh -x", "ScriptsExtension = .sh", "DeviceStandby = yes");

        Configuration configuration = read();

        assertThat(configuration.scripts().interpreter()).containsExactly("/bin/sh", "-x");
        assertThat(configuration.scripts().extension()).isEqualTo(".sh");
        assertThat(configuration.deviceUse()).isEqualTo(MeshScripts.DeviceUse.WHILE_OTHERS_ARE_REACHABLE);
    }

    @Test
    void refusesValuesOfItsOwnVariablesAllAtOnce() throws IOException {
        server("LogLevel = high", "DeviceStandby = maybe");

        assertThatThrownBy(this::read)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("LogLevel = high")
                .hasMessageContaining("DeviceStandby = maybe");
    }

    @Test
    void namesVariablesWithoutEffect() throws IOException {
        server("ProcessPriority = high");

        assertThat(read().ignored()).anyMatch(line -> line.contains("ProcessPriority = high"));
    }

    @Test
    void namesWhatOnlyARestartPutsIntoForce() throws IOException {
        Configuration started = read();
        assertThat(started.needingRestart(read())).isEmpty();

        server("LogLevel = 2", "DeviceStandby = yes", "PingInterval = 30");

        assertThat(started.needingRestart(read())).hasSize(3).contains("DeviceStandby", "LogLevel").anyMatch(part -> part.contains("Ping"));
    }
}
