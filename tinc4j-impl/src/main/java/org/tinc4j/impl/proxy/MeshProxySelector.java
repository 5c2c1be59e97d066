package org.tinc4j.impl.proxy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/** Sends what is of the mesh through the loopback proxy, and everything else direct. Any thread. */
public final class MeshProxySelector extends ProxySelector {

    private static final List<Proxy> DIRECT = List.of(Proxy.NO_PROXY);

    private final Predicate<String> ofMesh;
    private final List<Proxy> http;
    private final List<Proxy> socks;

    /**
     * A selector.
     *
     * @param ofMesh whether a host is of the mesh
     * @param proxy where the proxy listens
     */
    public MeshProxySelector(Predicate<String> ofMesh, InetSocketAddress proxy) {
        this.ofMesh = ofMesh;
        this.http = List.of(new Proxy(Proxy.Type.HTTP, proxy));
        this.socks = List.of(new Proxy(Proxy.Type.SOCKS, proxy));
    }

    @Override
    public List<Proxy> select(URI uri) {
        Objects.requireNonNull(uri, "uri");
        String host = host(uri);
        if (host == null || !ofMesh.test(host)) {
            return DIRECT;
        }
        return "socket".equalsIgnoreCase(uri.getScheme()) ? socks : http;
    }

    /** Names of nodes may have an underscore, which to {@link URI} is no part of a host. */
    private static String host(URI uri) {
        if (uri.getHost() != null || uri.getRawAuthority() == null) {
            return uri.getHost();
        }
        String authority = uri.getRawAuthority();
        String hostAndPort = authority.substring(authority.indexOf('@') + 1);
        int colon = hostAndPort.lastIndexOf(':');
        return colon < 0 ? hostAndPort : hostAndPort.substring(0, colon);
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {
        // There is no other proxy to try.
    }
}
