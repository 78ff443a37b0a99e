package net.lbd.config;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** HAProxy 2.6 as Debian 12 has it, where it is installed: the living reference of the language. Stateless. */
final class Haproxy26 {

    private static final Path PROGRAM = Path.of("/usr/sbin/haproxy");

    private Haproxy26() { }

    /** Skips the test where that version is not installed. */
    static void assumeInstalled() throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(PROGRAM), "haproxy is not installed");
        assumeTrue(run(Path.of("."), "-v").text().startsWith("HAProxy version 2.6."), "haproxy is not 2.6");
    }

    /** What it says of all its keywords. */
    static List<String> list() throws IOException, InterruptedException {
        assumeInstalled();
        Path empty = Files.createTempFile("haproxy", ".cfg");
        try {
            Files.writeString(empty, "global\n");
            return run(Path.of("."), "-dKall", "-q", "-c", "-f", empty.toString()).text().lines().toList();
        } finally {
            Files.delete(empty);
        }
    }

    /** What a run came to: code 0 is accepted, 2 accepted without a listener. */
    record Run(int code, String text) {
        boolean accepts() {
            return code == 0 || code == 2;
        }
    }

    /**
     * Checks a configuration.
     *
     * @param folder the working directory, where files that the text names are looked for
     * @param scratch a file that holds the text meanwhile
     */
    static Run check(String text, Path folder, Path scratch) throws IOException, InterruptedException {
        Files.writeString(scratch, text, StandardCharsets.UTF_8);
        return run(folder, "-c", "-f", scratch.toAbsolutePath().toString());
    }

    private static Run run(Path folder, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(PROGRAM.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().put("HOME", "/root");
        Process process = builder.start();
        try {
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                throw new IOException("haproxy does not end: " + text);
            }
            return new Run(process.exitValue(), text);
        } finally {
            process.destroyForcibly();
        }
    }
}
