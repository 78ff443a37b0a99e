package net.lbd.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The real curl, which verifies certificates and connects to a port of this machine for every name. */
final class Curl {

    private final Path dir;
    private final Path ca;
    private final int httpPort;
    private final int httpsPort;

    /** Skips the test when curl is not installed. */
    Curl(Path dir, Path ca, int httpPort, int httpsPort) {
        assumeTrue(SourceTree.program("curl").isPresent(), "curl is not installed; on Debian: apt-get install curl");
        this.dir = dir;
        this.ca = ca;
        this.httpPort = httpPort;
        this.httpsPort = httpsPort;
    }

    /**
     * What curl printed with {@code -i}: the head and the body.
     *
     * @param head status line and header lines, without line ends
     */
    record Response(List<String> head, String body) {

        int status() {
            return Integer.parseInt(head.get(0).split(" ")[1]);
        }

        Optional<String> header(String name) {
            return head.stream()
                    .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .findFirst();
        }
    }

    /** Asks for a URL; fails when curl does not get an answer. */
    Response get(String url, String... options) {
        List<String> command = new ArrayList<>(List.of(
                "curl", "-sS", "-i", "--http1.1", "--max-time", "30",
                "--cacert", ca.toString(),
                "--connect-to", ":80:127.0.0.1:" + httpPort,
                "--connect-to", ":443:127.0.0.1:" + httpsPort));
        command.addAll(List.of(options));
        command.add(url);
        CommandResult result = CommandResult.of(dir, command);
        if (result.exitCode() != 0) {
            throw new AssertionError("curl ended with " + result.exitCode() + " for " + url + ": " + result.output());
        }
        String[] parts = result.output().split("\r\n\r\n", 2);
        return new Response(List.of(parts[0].split("\r\n")), parts[1]);
    }
}
