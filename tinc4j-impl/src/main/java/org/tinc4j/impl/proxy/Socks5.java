package org.tinc4j.impl.proxy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;

/**
 * The server's side of SOCKS 5: CONNECT, without authentication or with user and password.
 *
 * <pre>
 * -> 5 | count | methods          <- 5 | method
 * -> 1 | n | user | n | password  <- 1 | status
 * -> 5 | command | 0 | address type | address | port 2    <- 5 | reply | 0 | 1 | 0.0.0.0 | 0
 * </pre>
 *
 * <p><b>Source.</b> RFC 1928, RFC 1929.
 */
final class Socks5 {

    static final int VERSION = 5;

    private static final int AUTHENTICATION_VERSION = 1;
    private static final int METHOD_NONE = 0;
    private static final int METHOD_PASSWORD = 2;
    private static final int METHOD_REFUSED = 0xff;
    private static final int CONNECT = 1;
    private static final int TYPE_V4 = 1;
    private static final int TYPE_NAME = 3;
    private static final int TYPE_V6 = 4;

    private static final int SUCCEEDED = 0;
    private static final int GENERAL_FAILURE = 1;
    private static final int HOST_UNREACHABLE = 4;
    private static final int REFUSED = 5;
    private static final int COMMAND_UNSUPPORTED = 7;
    private static final int ADDRESS_UNSUPPORTED = 8;

    private Socks5() {}

    /** Serves a connection to its end. */
    static void serve(ProxyClient client) throws IOException {
        if (!greet(client)) {
            return;
        }
        byte[] request = client.read(4);
        String host = switch (request[3]) {
            case TYPE_V4 -> InetAddress.getByAddress(client.read(4)).getHostAddress();
            case TYPE_V6 -> InetAddress.getByAddress(client.read(16)).getHostAddress();
            case TYPE_NAME -> new String(client.read(client.read()), StandardCharsets.US_ASCII);
            default -> null;
        };
        if (host == null) {
            reply(client, ADDRESS_UNSUPPORTED);
            return;
        }
        int port = client.read() << 8 | client.read();
        if (request[0] != VERSION || request[1] != CONNECT) {
            reply(client, COMMAND_UNSUPPORTED);
            return;
        }
        Socket opened;
        try {
            opened = client.connect(host, port);
        } catch (IOException e) {
            reply(client, code(e));
            return;
        }
        try (Socket server = opened) {
            reply(client, SUCCEEDED);
            client.relay(server);
        }
    }

    private static int code(IOException failure) {
        return switch (failure) {
            case ConnectException refused -> REFUSED;
            case UnknownHostException unknown -> HOST_UNREACHABLE;
            case NoRouteToHostException away -> HOST_UNREACHABLE;
            case SocketTimeoutException silent -> HOST_UNREACHABLE;
            default -> GENERAL_FAILURE;
        };
    }

    private static boolean greet(ProxyClient client) throws IOException {
        client.read(); // The version, which was looked at.
        boolean none = false;
        boolean password = false;
        for (byte method : client.read(client.read())) {
            none |= method == METHOD_NONE;
            password |= method == METHOD_PASSWORD;
        }
        if (none && client.isOfThisProcess()) {
            client.write(new byte[] {VERSION, METHOD_NONE});
            return true;
        }
        if (!password) {
            client.write(new byte[] {VERSION, (byte) METHOD_REFUSED});
            return false;
        }
        client.write(new byte[] {VERSION, METHOD_PASSWORD});
        client.read(); // The version of this exchange.
        String user = new String(client.read(client.read()), StandardCharsets.UTF_8);
        String word = new String(client.read(client.read()), StandardCharsets.UTF_8);
        boolean known = client.knows(user, word);
        client.write(new byte[] {AUTHENTICATION_VERSION, (byte) (known ? 0 : 1)});
        return known;
    }

    private static void reply(ProxyClient client, int code) throws IOException {
        client.write(new byte[] {VERSION, (byte) code, 0, TYPE_V4, 0, 0, 0, 0, 0, 0});
    }
}
