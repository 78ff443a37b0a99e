package net.lbd.testkit;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/**
 * In-process servers that answer like Exchange, so that a proxy can be tried and tested where there is
 * no Exchange. Each answers every path with a text that names the server, the request and the
 * X-Forwarded-For lines it saw, and each service's {@code HealthCheck.htm} with
 * {@code 200 OK<br/>NAME}.
 *
 * <p>Query parameters change an answer: {@code s=N} makes it a body of N bytes (letter i mod 26),
 * {@code wait=MS} delays it, {@code status=N} sets its status. A request body is answered with its
 * length and SHA-256.
 *
 * <p>Any thread. {@link #close} kills all servers.
 */
public final class ExchangeFarm implements AutoCloseable {

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    private final List<ExchangeServer> servers;

    private ExchangeFarm(Optional<SslContext> tls, List<Integer> ports) {
        List<ExchangeServer> made = new ArrayList<>();
        for (int port : ports) {
            made.add(new ExchangeServer("EX" + (made.size() + 1), group, tls, port));
        }
        servers = List.copyOf(made);
        try {
            servers.forEach(ExchangeServer::start);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Servers EX1, EX2 … without TLS on ephemeral ports. */
    public static ExchangeFarm plain(int count) {
        return new ExchangeFarm(Optional.empty(), Collections.nCopies(count, 0));
    }

    /** Servers EX1, EX2 … with TLS on ephemeral ports; {@link FarmCertificates} are made in {@code dir}. */
    public static ExchangeFarm tls(Path dir, int count) throws IOException {
        return tls(dir, Collections.nCopies(count, 0));
    }

    /** Servers with TLS on the given ports. */
    public static ExchangeFarm tls(Path dir, List<Integer> ports) throws IOException {
        FarmCertificates files = FarmCertificates.in(dir);
        return new ExchangeFarm(Optional.of(serverContext(files)), ports);
    }

    /** The body that {@code ?s=size} is answered with. */
    public static byte[] body(int size) {
        byte[] body = new byte[size];
        for (int i = 0; i < size; i++) {
            body[i] = ExchangeAnswers.FarmBody.byteAt(i);
        }
        return body;
    }

    public List<ExchangeServer> servers() {
        return servers;
    }

    /** A server by its place, from 0. */
    public ExchangeServer server(int index) {
        return servers.get(index);
    }

    @Override
    public void close() {
        servers.forEach(ExchangeServer::kill);
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** The JDK's engine: the farm must not need tcnative, which only the core brings. */
    private static SslContext serverContext(FarmCertificates files) throws SSLException {
        return SslContextBuilder.forServer(files.serverChain().toFile(), files.serverKey().toFile())
                .sslProvider(SslProvider.JDK)
                .build();
    }

    /**
     * Runs a farm until standard input ends or a signal comes:
     * {@code ExchangeFarm --dir DIR --port PORT [--port PORT …]}. Prints {@code ready} when all
     * servers listen. Ending with standard input means that a farm never outlives the script that
     * started it, however that ends.
     */
    public static void main(String[] args) throws IOException {
        Optional<Path> dir = Optional.empty();
        List<Integer> ports = new ArrayList<>();
        for (int i = 0; i + 1 < args.length; i += 2) {
            switch (args[i]) {
                case "--dir" -> dir = Optional.of(Path.of(args[i + 1]));
                case "--port" -> ports.add(Integer.parseInt(args[i + 1]));
                default -> usage("unknown option " + args[i]);
            }
        }
        if (dir.isEmpty() || ports.isEmpty() || args.length % 2 != 0) {
            usage("--dir and --port are needed, each with a value");
        }
        Files.createDirectories(dir.orElseThrow());
        try (ExchangeFarm farm = tls(dir.orElseThrow(), ports)) {
            farm.warmUp();
            for (ExchangeServer server : farm.servers()) {
                System.out.println(server.name() + " listens on " + server.address());
            }
            System.out.println("ready");
            while (System.in.read() >= 0) {
                // what is typed does not matter, only that the input is open
            }
        }
    }

    /**
     * Asks each server a few times before anybody else does: the first TLS handshakes of a cold JVM
     * take longer than a health check waits on a small machine.
     */
    private void warmUp() {
        for (int i = 0; i < 5; i++) {
            for (ExchangeServer server : servers) {
                try (RawClient client = RawClient.connectTls(server.address(), ClientTls.trustAll())) {
                    client.send("GET /owa/HealthCheck.htm HTTP/1.1\r\nHost: localhost\r\n\r\n");
                    client.readResponse();
                }
            }
        }
    }

    private static void usage(String problem) {
        System.err.println(problem + "\nusage: ExchangeFarm --dir DIR --port PORT [--port PORT ...]");
        System.exit(2);
    }
}
