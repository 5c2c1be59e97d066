package org.tinc4j.interop;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.tinc4j.testkit.Command;

/** TLS of a node's server: a certificate that nobody but its own key signed, and a client that trusts no other. */
final class SelfSigned {

    /** Of the key store. */
    static final String PASSWORD = "nothing secret";

    private static final String ALIAS = "server";

    private SelfSigned() {}

    /** Where the key store of a node is, in the folder of its configuration. */
    static Path keyStore(Path directory) {
        return directory.resolve("tls.p12");
    }

    /** Makes the key store of a node that has not been started. Answers the certificate, for {@link #trusting}. */
    static String create(Site site) {
        Path file = keyStore(site.directory());
        try {
            Files.createDirectories(site.directory());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Command.require(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair",
                "-alias", ALIAS, "-keyalg", "EC", "-groupname", "secp256r1", "-validity", "2", "-dname", "CN=" + site.name(),
                "-ext", "SAN=dns:" + site.name() + ",ip:" + site.overlay4() + ",ip:" + site.overlay6(),
                "-storetype", "PKCS12", "-storepass", PASSWORD, "-keystore", file.toString()));
        try {
            KeyStore made = KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
            return Base64.getEncoder().encodeToString(made.getCertificate(ALIAS).getEncoded());
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** TLS that trusts this certificate and no other. */
    static SSLContext trusting(String certificate) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry(ALIAS, CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(Base64.getDecoder().decode(certificate))));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
