package net.lbd.it;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import net.lbd.testkit.FarmCertificates;

/**
 * Servers on the ports of Exchange that say who they are: over HTTP every page is there, some for who logs in, and begins with the server's address, over SMTP,
 * IMAP and POP3 the greeting has it, and on any other port what comes is sent back behind it. Thread-safe.
 */
final class ExampleServers implements Closeable {

    static final Set<Integer> TLS = Set.of(443, 465, 993, 995);
    private static final Set<Integer> HTTP = Set.of(80, 443);
    /** What wants a login, as in Exchange; the pages for checks do not. */
    private static final Pattern CHALLENGED = Pattern.compile("[A-Z_]+ /(Microsoft-Server-ActiveSync|rpc/rpcproxy|autodiscover|ews|oab)(?!.*HealthCheck)", Pattern.CASE_INSENSITIVE);
    static final Map<Integer, String> GREETINGS = Map.of(25, "220 ", 587, "220 ", 465, "220 ", 143, "* OK ", 993, "* OK ", 110, "+OK ", 995, "+OK ");

    private final SSLContext tls;
    private final List<ServerSocket> listeners = new ArrayList<>();
    private volatile boolean tells;

    /** On a machine of its own: the folder of certificates, the address that it says it is, the one that it listens on, and ports; tells who connects. */
    public static void main(String[] words) throws Exception {
        ExampleServers servers = new ExampleServers(new FarmCertificates(Path.of(words[0])).serverContext());
        for (String port : List.of(words).subList(3, words.length)) {
            servers.serve(words[1], InetAddress.getByName(words[2]), Integer.parseInt(port));
        }
        servers.tells = true;
        System.out.println("serving");
        for (String mark = line(System.in); !mark.isEmpty(); mark = line(System.in)) {
            System.out.println(mark);
        }
    }

    /** @param tls with a certificate for the ports that speak TLS from the beginning */
    ExampleServers(SSLContext tls) {
        this.tls = tls;
    }

    void serve(InetAddress address, int port) throws IOException {
        serve(address.getHostAddress(), address, port);
    }

    private void serve(String name, InetAddress address, int port) throws IOException {
        ServerSocket listener = TLS.contains(port) ? tls.getServerSocketFactory().createServerSocket() : new ServerSocket();
        listener.setReuseAddress(true);
        listener.bind(new InetSocketAddress(address, port), 64);
        listeners.add(listener);
        thread(() -> accept(listener, name, port));
    }

    private static void thread(Runnable body) {
        Thread thread = new Thread(body, "example-server");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept(ServerSocket listener, String name, int port) {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                if (tells) {
                    System.out.println("from " + client.getInetAddress().getHostAddress() + " on " + port);
                }
                thread(() -> converse(client, name, port));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private static void converse(Socket client, String name, int port) {
        try (client) {
            if (HTTP.contains(port)) {
                http(client, name);
            } else if (GREETINGS.containsKey(port)) {
                mail(client, GREETINGS.get(port), name);
            } else {
                byte[] bytes = new byte[1024];
                int read = client.getInputStream().read(bytes);
                if (read > 0) {
                    send(client, name + " " + new String(bytes, 0, read, StandardCharsets.ISO_8859_1));
                }
            }
        } catch (IOException left) {
            // A check that has seen enough, or a refused certificate: the client knows.
            return;
        }
    }

    private static void http(Socket client, String name) throws IOException {
        for (String head = line(client.getInputStream()); !head.isEmpty(); head = line(client.getInputStream())) {
            String target = head.split(" ")[1];
            int length = 0;
            boolean last = false;
            boolean loggedIn = false;
            for (String line = line(client.getInputStream()); !line.isEmpty(); line = line(client.getInputStream())) {
                length = line.toLowerCase(Locale.ROOT).startsWith("content-length:") ? Integer.parseInt(line.substring(15).strip()) : length;
                loggedIn |= line.startsWith("Authorization:");
                last |= line.equalsIgnoreCase("connection: close");
            }
            client.getInputStream().readNBytes(Math.min(length, 1 << 20));
            boolean known = loggedIn || !CHALLENGED.matcher(head).lookingAt();
            String body = name + " " + target + "\r\n200 OK<br/>" + name;
            send(client, (known ? "HTTP/1.1 200 OK" : "HTTP/1.1 401 Unauthorized") + "\r\nContent-Type: text/html\r\nContent-Length: " + body.length() + "\r\n\r\n"
                    + (head.startsWith("HEAD ") ? "" : body));
            if (last) {
                return;
            }
        }
    }

    private static void mail(Socket client, String greeting, String name) throws IOException {
        send(client, greeting + name + " ready\r\n");
        for (String line = line(client.getInputStream()); !line.isEmpty(); line = line(client.getInputStream())) {
            boolean quit = line.toUpperCase(Locale.ROOT).matches("(.* )?(QUIT|LOGOUT)");
            String ok = greeting.startsWith("220") ? (quit ? "221 bye" : "250 ok") : greeting.startsWith("+") ? "+OK" : line.split(" ")[0] + " OK done";
            send(client, (greeting.startsWith("*") && quit ? "* BYE\r\n" : "") + ok + "\r\n");
            if (quit) {
                return;
            }
        }
    }

    private static void send(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        client.getOutputStream().flush();
    }

    /** Without its end; empty at the end of everything, too. */
    static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int read = in.read(); read >= 0 && read != '\n'; read = in.read()) {
            if (read != '\r') {
                line.append((char) read);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        for (ServerSocket listener : listeners) {
            listener.close();
        }
    }
}
