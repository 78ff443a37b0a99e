package net.lbd.core.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.ReceivedMessage;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import net.lbd.testkit.SyslogSink;

/**
 * Sends the same requests through HAProxy 2.6 and through the engine, with one configuration, and tells what
 * each of them made of them: the response, what the origin received, and the log line. Written in one form, so
 * that a test compares two texts.
 */
final class HaproxyOracle {

    static final Path PROGRAM = HaproxyProcess.PROGRAM;

    private static final String HEAD = """
            global
              log 127.0.0.1:@LOG local0
            defaults
              mode http
              log global
              option dontlognull
              log-format "%ST %tsc %[capture.req.method] %[capture.req.uri]"
              timeout connect 300ms
              timeout client 3s
              timeout server 3s
            """;

    private HaproxyOracle() { }

    /** A line of the log did not come: datagrams may be lost, also on the loopback. */
    private static final class LostLine extends Exception {
        private static final long serialVersionUID = 1;

        LostLine(AssertionError cause) {
            super(cause);
        }
    }

    private interface Told {
        List<String> tell() throws Exception;
    }

    /** What one request makes of the next depends on all before: where a line was lost, the whole case is told again, once. */
    private static List<String> whole(Told told) throws Exception {
        try {
            return told.tell();
        } catch (LostLine lost) {
            return told.tell();
        }
    }

    /** What HAProxy makes of each request. */
    static List<String> haproxy(String configuration, List<String> requests, Path folder) throws Exception {
        return whole(() -> tellHaproxy(configuration, requests, folder));
    }

    private static List<String> tellHaproxy(String configuration, List<String> requests, Path folder) throws Exception {
        try (ScriptedOrigin origin = origin(); SyslogSink log = SyslogSink.udp()) {
            try (HaproxyProcess process = HaproxyProcess.start(fill(configuration, origin, log), folder)) {
                List<String> answers = new ArrayList<>();
                for (String request : requests) {
                    answers.add(exchange(() -> RawClient.connect(process.port()), request, log));
                }
                return answers;
            }
        }
    }

    /** What the engine makes of each request. */
    static List<String> engine(String configuration, List<String> requests) throws Exception {
        return whole(() -> tellEngine(configuration, requests));
    }

    private static List<String> tellEngine(String configuration, List<String> requests) throws Exception {
        try (ScriptedOrigin origin = origin(); SyslogSink log = SyslogSink.udp();
                EngineHarness harness = EngineHarness.start(fill(configuration, origin, log))) {
            List<String> answers = new ArrayList<>();
            for (String request : requests) {
                answers.add(exchange(harness::client, request, log));
                // What counts connections must not count the last one with the next.
                harness.awaitIdle();
            }
            return answers;
        }
    }

    private static String fill(String configuration, ScriptedOrigin origin, SyslogSink log) {
        return (HEAD + configuration).replace("@BIND", "127.0.0.1:@1").replace("@SERVER", "127.0.0.1:" + origin.port())
                .replace("@NOBODY", "127.0.0.1:9").replace("@LOG", Integer.toString(log.port()));
    }

    private interface Connect {
        RawClient connect();
    }

    private static String exchange(Connect to, String request, SyslogSink log) throws LostLine {
        log.clear();
        StringBuilder answer = new StringBuilder();
        try (RawClient client = to.connect()) {
            client.send(request.replace("\n", "\r\n"));
            if (client.hasMore()) {
                ReceivedMessage response = client.readResponseTo(request.substring(0, request.indexOf(' ')));
                answer.append(normal(response));
                if (response.status() == 103) {
                    answer.append(normal(client.readResponse()));
                }
            } else {
                answer.append("no answer\n");
            }
        }
        return answer + logged(log, request);
    }

    /** Requests for targets below /unlogged/ leave no line. */
    private static String logged(SyslogSink log, String request) throws LostLine {
        if (request.contains("/unlogged")) {
            return "";
        }
        String line;
        try {
            line = log.await("a line for " + request, message -> !message.contains("BADREQ"));
        } catch (AssertionError e) {
            throw new LostLine(e);
        }
        return "log: " + line.substring(line.lastIndexOf("]: ") + 3).strip() + "\n";
    }

    /** {@code /status/404} asks the origin for that status. It tells what it received, so that both sides' requests are compared with the answers. */
    private static ScriptedOrigin origin() {
        return ScriptedOrigin.start(Script.answering(request -> {
            String body = "received " + request.startLine() + "\n" + String.join("\n", lines(request.headerLines()))
                    + "\n" + request.bodyText();
            String target = request.startLine().split(" ")[1];
            String status = target.startsWith("/status/") ? target.substring(8) + " As asked" : "200 OK";
            return "HTTP/1.1 " + status + "\r\nServer: origin\r\nX-Origin: one, two\r\nX-Origin: three\r\nSet-Cookie: a=1; path=/\r\nContent-Length: "
                    + body.length() + "\r\n\r\n" + body;
        }));
    }

    private static String normal(ReceivedMessage response) {
        StringBuilder text = new StringBuilder("status ").append(response.status()).append('\n');
        boolean page = response.headers("cache-control").contains("no-cache") && response.headers("content-type").contains("text/html");
        boolean builtIn = page && (response.bodyText().isEmpty() || response.bodyText().startsWith("<html>"));
        for (String line : lines(response.headerLines())) {
            boolean framing = line.startsWith("content-length") && (builtIn || response.status() == 304);
            if (!framing) {
                text.append(line).append('\n');
            }
        }
        return text.append(builtIn ? "a built-in page" : response.bodyText()).append('\n').toString();
    }

    /** Names in lower case, sorted; without what depends on the connection and the version of the proxy. */
    private static List<String> lines(List<String> headers) {
        return headers.stream().map(line -> line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT) + ":"
                        + line.substring(line.indexOf(':') + 1).strip())
                .filter(line -> !line.startsWith("connection:") && !line.startsWith("keep-alive:")).sorted().toList();
    }

    /** A case of a file: its name, its configuration and its requests. */
    record Case(String name, String configuration, List<String> requests) { }

    /**
     * Cases as text: a line {@code === name}, the sections of a configuration, and requests, each of them on one
     * line behind {@code >>>} with a vertical bar between two lines of it and two bars before its body.
     */
    static List<Case> read(Path file) throws IOException {
        List<Case> cases = new ArrayList<>();
        for (String part : Files.readString(file).split("(?m)^=== ")) {
            if (part.isBlank() || part.startsWith("#")) {
                continue;
            }
            int end = part.indexOf('\n');
            StringBuilder configuration = new StringBuilder();
            List<String> requests = new ArrayList<>();
            for (String line : part.substring(end + 1).split("\n")) {
                request(line).ifPresentOrElse(requests::add, () -> configuration.append(line).append('\n'));
            }
            cases.add(new Case(part.substring(0, end), configuration.toString(), requests));
        }
        return cases;
    }

    private static Optional<String> request(String line) {
        if (!line.startsWith(">>> ")) {
            return Optional.empty();
        }
        String[] halves = line.substring(4).split(" \\|\\| ", 2);
        String body = halves.length > 1 ? halves[1] : "";
        List<String> head = new ArrayList<>(Arrays.asList(halves[0].split(" \\| ")));
        if (!halves[0].contains("Host: ") && !head.get(0).endsWith("HTTP/1.0")) {
            head.add("Host: a");
        }
        if (!body.isEmpty()) {
            head.add("Content-Length: " + body.length());
        }
        return Optional.of(String.join("\n", head) + "\n\n" + body);
    }
}
