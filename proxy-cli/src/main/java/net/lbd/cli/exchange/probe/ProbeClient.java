package net.lbd.cli.exchange.probe;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Connections as clients make them, one request each. Certificates are looked at, not trusted: nothing secret is ever sent. Any thread.
 */
final class ProbeClient {

    private static final Pattern CONTENT_LENGTH = Pattern.compile("\r\ncontent-length: *(\\d{1,12})\r\n");
    private static final int HEAD_LIMIT = 64 * 1024;

    private final int timeout;
    private final SSLContext anyCertificate;

    /** A client that waits so long for a connection and for each read. */
    ProbeClient(Duration timeout) {
        this.timeout = (int) timeout.toMillis();
        try {
            anyCertificate = SSLContext.getInstance("TLS");
            anyCertificate.init(null, new TrustManager[] {new LooksOnly()}, new SecureRandom());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS", e);
        }
    }

    /** An address that is asked. */
    record Target(String address, int port, boolean tls) {
        String text() {
            return (address.indexOf(':') < 0 ? address : "[" + address + "]") + ":" + port;
        }
    }

    /**
     * What was answered.
     *
     * @param headers     {@code name: value}, names in lower case
     * @param certificate the one that was shown, with TLS
     */
    record Answer(int status, List<String> headers, String body, Optional<X509Certificate> certificate) {
        List<String> header(String name) {
            String prefix = name.toLowerCase(Locale.ROOT) + ": ";
            return headers.stream().filter(h -> h.startsWith(prefix)).map(h -> h.substring(prefix.length())).toList();
        }
    }

    /**
     * Sends one request and reads its answer, at most 64 KiB of it.
     *
     * @param lines more header lines, such as {@code Content-Length: 0}
     */
    Answer request(Target target, String host, String method, String path, String... lines) throws IOException {
        try (Socket socket = connect(target, host)) {
            StringBuilder head = new StringBuilder(method).append(' ').append(path).append(" HTTP/1.1\r\nHost: ").append(host)
                    .append("\r\nUser-Agent: lbctl-exchange-probe\r\nAccept: */*\r\nConnection: close\r\n");
            for (String line : lines) {
                head.append(line).append("\r\n");
            }
            socket.getOutputStream().write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return read(socket.getInputStream(), certificate(socket));
        }
    }

    private static Answer read(InputStream in, Optional<X509Certificate> certificate) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        int end = -1;
        try {
            for (int n; bytes.size() < HEAD_LIMIT && (n = in.read(buffer)) >= 0;) {
                bytes.write(buffer, 0, n);
                String text = bytes.toString(StandardCharsets.ISO_8859_1);
                end = text.indexOf("\r\n\r\n");
                if (end >= 0 && isWhole(text, end + 4)) {
                    break;
                }
            }
        } catch (SocketTimeoutException e) {
            // A body that never ends is what some of these services send; its head is what matters.
            if (end < 0) {
                throw new IOException("no answer in time", e);
            }
        }
        String text = bytes.toString(StandardCharsets.ISO_8859_1);
        if (end < 0 || !text.startsWith("HTTP/1.")) {
            throw new IOException(text.isEmpty() ? "the connection was closed without an answer" : "what was answered is no HTTP");
        }
        List<String> headers = new ArrayList<>();
        String[] lines = text.substring(0, end).split("\r\n");
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon > 0) {
                headers.add(lines[i].substring(0, colon).toLowerCase(Locale.ROOT) + ": " + lines[i].substring(colon + 1).strip());
            }
        }
        String[] words = lines[0].split(" ");
        if (words.length < 2 || !words[1].matches("\\d{3}")) {
            throw new IOException("what was answered is no HTTP");
        }
        return new Answer(Integer.parseInt(words[1]), headers, text.substring(end + 4), certificate);
    }

    /** Whether the body that the head announces is there; one that ends with the connection never is. */
    private static boolean isWhole(String text, int body) {
        String head = text.substring(0, body).toLowerCase(Locale.ROOT);
        Matcher length = CONTENT_LENGTH.matcher(head);
        return head.matches("(?s)http/1.. (204|304) .*") || length.find() && text.length() - body >= Long.parseLong(length.group(1))
                || head.contains("\r\ntransfer-encoding: chunked\r\n") && text.endsWith("\r\n0\r\n\r\n");
    }

    /** A conversation of lines: the greeting, and, if it begins as it should, what is answered to each line that is sent. */
    List<String> converse(Target target, String host, String greeting, List<String> say) throws IOException {
        try (Socket socket = connect(target, host)) {
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            OutputStream out = socket.getOutputStream();
            List<String> heard = new ArrayList<>();
            heard.add(line(in));
            for (String line : heard.get(0).startsWith(greeting) ? say : List.<String>of()) {
                out.write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
                out.flush();
                heard.add(answer(in, line));
            }
            return heard;
        }
    }

    /** All lines of one answer, each protocol's own way to say which is the last. */
    private static String answer(BufferedReader in, String said) throws IOException {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            String line = line(in);
            all.append(line).append('\n');
            boolean last = said.startsWith("a ") ? line.startsWith("a ") : said.equals("CAPA") ? line.equals(".") || line.startsWith("-ERR") : line.matches("\\d{3}( .*)?");
            if (last) {
                return all.toString();
            }
        }
        throw new IOException("the answer has more than 100 lines");
    }

    private static String line(BufferedReader in) throws IOException {
        try {
            String line = in.readLine();
            if (line == null) {
                throw new IOException("the connection was closed without an answer");
            }
            return line;
        } catch (SocketTimeoutException e) {
            throw new IOException("no answer in time", e);
        }
    }

    private Socket connect(Target target, String host) throws IOException {
        Socket socket = open(target);
        if (!target.tls()) {
            return socket;
        }
        try {
            SSLSocket tls = (SSLSocket) anyCertificate.getSocketFactory().createSocket(socket, host, target.port(), true);
            SSLParameters parameters = tls.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(host)));
            tls.setSSLParameters(parameters);
            tls.startHandshake();
            return tls;
        } catch (IOException e) {
            socket.close();
            throw new IOException("TLS fails: " + e.getMessage(), e);
        }
    }

    private Socket open(Target target) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(InetAddress.getByName(target.address()), target.port()), timeout);
            socket.setSoTimeout(timeout);
            return socket;
        } catch (SocketTimeoutException e) {
            socket.close();
            throw new IOException("no connection in time: a firewall that drops, or no such address", e);
        } catch (IOException e) {
            socket.close();
            throw new IOException("no connection: " + e.getMessage(), e);
        }
    }

    private static Optional<X509Certificate> certificate(Socket socket) throws IOException {
        return socket instanceof SSLSocket tls ? Optional.of((X509Certificate) tls.getSession().getPeerCertificates()[0]) : Optional.empty();
    }

    /**
     * Whether a version of TLS is spoken. The JDK refuses the old ones itself, so that the first message is written by hand and the type of
     * the answer tells (RFC 5246, section 7.4.1.2; RFC 8446, section 4.1.2, for a version that is named in an extension).
     *
     * @param minor 1 for TLS 1.0, 2 for 1.1, 3 for 1.2, 4 for 1.3
     */
    boolean speaks(Target target, String host, int minor) throws IOException {
        try (Socket socket = open(target)) {
            socket.getOutputStream().write(ClientHello.of(host, minor));
            socket.getOutputStream().flush();
            byte[] record = socket.getInputStream().readNBytes(11);
            // A handshake record with a ServerHello; an older server answers with the version that it would rather speak.
            return record.length == 11 && record[0] == 22 && record[5] == 2 && record[9] == 3 && record[10] == Math.min(minor, 3);
        } catch (SocketTimeoutException e) {
            throw new IOException("no answer in time", e);
        } catch (java.net.SocketException e) {
            // Reset in the place of an alert.
            return false;
        }
    }

    /** Takes every certificate, because it is the certificates that are looked at. */
    private static final class LooksOnly implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) { }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) { }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
