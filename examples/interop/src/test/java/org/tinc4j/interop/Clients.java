package org.tinc4j.interop;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.BasicHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.URIScheme;
import org.apache.hc.core5.http.config.RegistryBuilder;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.tinc4j.TincNode;

/** Libraries as they are, over a node's sockets. Answers are a status and a length. */
final class Clients {

    private final TincNode node;

    Clients(TincNode node) {
        this.node = node;
    }

    /** The JDK's, which has no hook for sockets: by the node's proxy on loopback. */
    String jdk(String url) throws IOException, InterruptedException {
        HttpResponse<byte[]> response =
                node.httpClient().send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofByteArray());
        return response.statusCode() + " " + response.body().length;
    }

    /** What {@link Fetch#all} answers of the node's own client of the JDK, or why it fails. */
    String fetch(String url) throws IOException, InterruptedException {
        return fetch(node.httpClient(), url);
    }

    /** The same of a client of the JDK that an application made, for which it took the node's proxy selector. */
    String fetchByProxySelector(String url) throws IOException, InterruptedException {
        return fetch(HttpClient.newBuilder().proxy(node.proxySelector()).build(), url);
    }

    private static String fetch(HttpClient client, String url) throws InterruptedException {
        try (client) {
            return Fetch.all(client, url);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** OkHttp: sockets by its factory, names by its Dns. */
    String okHttp(String url) throws IOException {
        OkHttpClient client = new OkHttpClient.Builder()
                .socketFactory(node.socketFactory())
                .dns(host -> List.of(node.sockets().resolve(host)))
                .build();
        try (Response response = client.newCall(new Request.Builder().url(url).build()).execute()) {
            return response.code() + " " + response.body().bytes().length;
        } finally {
            client.dispatcher().executorService().shutdown();
            client.connectionPool().evictAll();
        }
    }

    /** Apache HttpClient 5: sockets and names by its connection operator. */
    String apache(String url) throws IOException {
        DnsResolver names = new DnsResolver() {
            @Override
            public InetAddress[] resolve(String host) throws UnknownHostException {
                return new InetAddress[] {node.sockets().resolve(host)};
            }

            @Override
            public String resolveCanonicalHostname(String host) {
                return host;
            }
        };
        var operator = new DefaultHttpClientConnectionOperator(
                proxy -> node.socketFactory().createSocket(),
                null,
                names,
                RegistryBuilder.<TlsSocketStrategy>create().register(URIScheme.HTTPS.id, DefaultClientTlsStrategy.createDefault()).build());
        try (BasicHttpClientConnectionManager connections = new BasicHttpClientConnectionManager(operator, null);
                CloseableHttpClient client = HttpClients.custom().setConnectionManager(connections).build()) {
            return client.execute(
                    new HttpGet(url), response -> response.getCode() + " " + EntityUtils.toByteArray(response.getEntity()).length);
        }
    }

    /**
     * The PostgreSQL driver by its property {@code socketFactory}: writes rows, reads them back, and one large value.
     *
     * @return how many rows, the sum of what is in them, the length of the value
     */
    String postgres(String address, int port) throws SQLException {
        NodeSocketFactory.use(node);
        Properties properties = new Properties();
        properties.setProperty("user", "postgres");
        properties.setProperty("socketFactory", NodeSocketFactory.class.getName());
        try (Connection connection = DriverManager.getConnection("jdbc:postgresql://" + address + ":" + port + "/postgres", properties);
                Statement statement = connection.createStatement()) {
            statement.execute("create temporary table numbers (n int)");
            try (PreparedStatement insert = connection.prepareStatement("insert into numbers values (?)")) {
                for (int i = 1; i <= 1000; i++) {
                    insert.setInt(1, i);
                    insert.addBatch();
                }
                insert.executeBatch();
            }
            try (ResultSet result = statement.executeQuery("select count(*), sum(n), repeat('tinc4j', 1000000) from numbers")) {
                result.next();
                return result.getInt(1) + " " + result.getInt(2) + " " + result.getString(3).length();
            }
        }
    }
}
