package net.lbd.l4.transparent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs short programs; a seam for tests. */
@FunctionalInterface
interface Commands {

    /** How long a program may take. */
    long PATIENCE_SECONDS = 20;

    /** What a program said, and with which code it ended. */
    record Result(int code, String text) { }

    /**
     * Runs a program to its end.
     *
     * @param input what it reads
     * @throws IOException if it cannot be started, or takes longer than {@value #PATIENCE_SECONDS} seconds
     */
    Result run(List<String> command, String input) throws IOException;

    /** Those of this machine. */
    Commands HERE = (command, input) -> {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            try (var in = process.outputWriter(StandardCharsets.UTF_8)) {
                in.write(input);
            }
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException(String.join(" ", command) + " does not end");
            }
            return new Result(process.exitValue(), said.strip());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(String.join(" ", command) + " was interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    };
}
