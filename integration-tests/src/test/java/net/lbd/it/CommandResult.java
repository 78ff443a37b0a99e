package net.lbd.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What a command that ended left behind.
 *
 * @param exitCode its exit code
 * @param output standard output and standard error
 */
record CommandResult(int exitCode, String output) {

    /** Runs a command, at most a minute. */
    static CommandResult of(Path directory, List<String> command) {
        return of(directory, Duration.ofMinutes(1), command);
    }

    /** Runs a command and fails when it takes longer. */
    static CommandResult of(Path directory, Duration deadline, List<String> command) {
        try {
            Path file = Files.createTempFile("command", ".out");
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(file.toFile())
                    .start();
            process.getOutputStream().close();
            boolean ended = process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS);
            String output = Files.readString(file, StandardCharsets.ISO_8859_1);
            Files.delete(file);
            if (!ended) {
                process.destroyForcibly();
                throw new AssertionError(command + " did not end within " + deadline + ": " + output);
            }
            return new CommandResult(process.exitValue(), output);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + command, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while running " + command, e);
        }
    }
}
