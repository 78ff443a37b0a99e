package net.lbd.testkit;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * How a {@link RawClient} speaks TLS. Immutable.
 *
 * @param context whom it trusts
 * @param serverName the name it asks for (SNI); empty sends none
 * @param verifyName whether the certificate must be for {@code serverName}
 * @param protocols such as {@code TLSv1.2}; empty offers the JDK's default
 * @param alpn the protocols it offers; empty sends no ALPN
 */
public record ClientTls(
        SSLContext context, String serverName, boolean verifyName, List<String> protocols, List<String> alpn) {

    public ClientTls {
        Objects.requireNonNull(context, "context");
        Objects.requireNonNull(serverName, "serverName");
        protocols = List.copyOf(protocols);
        alpn = List.copyOf(alpn);
    }

    /** Trusts what {@code context} trusts, sends neither SNI nor ALPN, does not look at the name. */
    public static ClientTls of(SSLContext context) {
        return new ClientTls(context, "", false, List.of(), List.of());
    }

    /** Trusts every certificate. */
    public static ClientTls trustAll() {
        return of(trustAllContext());
    }

    /** Asks for this name. */
    public ClientTls sni(String name) {
        return new ClientTls(context, name, verifyName, protocols, alpn);
    }

    /** Asks for this name and accepts a certificate for no other. */
    public ClientTls verifying(String name) {
        return new ClientTls(context, name, true, protocols, alpn);
    }

    public ClientTls protocols(String... names) {
        return new ClientTls(context, serverName, verifyName, List.of(names), alpn);
    }

    public ClientTls alpn(String... names) {
        return new ClientTls(context, serverName, verifyName, protocols, List.of(names));
    }

    /** A context that trusts every certificate, for clients that take one. */
    public static SSLContext trustAllContext() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new TrustEveryone()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no TLS", e);
        }
    }

    SSLSocket layer(Socket socket) throws IOException {
        SSLSocket ssl = (SSLSocket) context.getSocketFactory()
                .createSocket(socket, serverName.isEmpty() ? null : serverName, socket.getPort(), true);
        SSLParameters parameters = ssl.getSSLParameters();
        parameters.setServerNames(serverName.isEmpty() ? List.of() : List.of(new SNIHostName(serverName)));
        if (verifyName) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        if (!protocols.isEmpty()) {
            parameters.setProtocols(protocols.toArray(String[]::new));
        }
        if (!alpn.isEmpty()) {
            parameters.setApplicationProtocols(alpn.toArray(String[]::new));
        }
        ssl.setSSLParameters(parameters);
        ssl.setUseClientMode(true);
        return ssl;
    }

    /** The extended form, because the JDK adds checks of its own around a plain X509TrustManager. */
    private static final class TrustEveryone extends X509ExtendedTrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
