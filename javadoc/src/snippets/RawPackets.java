import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.tinc4j.PacketPort;
import org.tinc4j.TincNode;

/** IP packets of a node without an interface. */
final class RawPackets {

    private RawPackets() {}

    static void echo(TincNode node) throws IOException, InterruptedException {
        // @start region="receive"
        PacketPort port = node.packets(); // from now on packets wait here, at most 1024
        while (true) {
            Optional<ByteBuffer> packet = port.receive(Duration.ofSeconds(1));
            if (packet.isPresent()) {
                port.send(answerTo(packet.get()));
            }
        }
        // @end
    }

    private static ByteBuffer answerTo(ByteBuffer packet) {
        return packet;
    }
}
