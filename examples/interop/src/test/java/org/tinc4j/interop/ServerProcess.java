package org.tinc4j.interop;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;

/** Main program of an HTTP server of the JDK: prints READY; answers any path with as many bytes as {@code ?bytes=} says. */
final class ServerProcess {

    private ServerProcess() {}

    /** Runs until the input ends. */
    public static void main(String[] arguments) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(Integer.parseInt(arguments[0])), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            byte[] body = new byte[Integer.parseInt(exchange.getRequestURI().getQuery().substring("bytes=".length()))];
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        System.out.println(NodeProcess.READY);
        System.in.transferTo(System.out);
    }
}
