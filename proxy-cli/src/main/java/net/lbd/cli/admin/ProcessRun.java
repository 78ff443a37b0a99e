package net.lbd.cli.admin;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * How a program ended, and what it said on both of its streams.
 *
 * @param code 0 if all was well
 */
record ProcessRun(int code, String said) {

    /**
     * Runs a program to its end; it gets nothing on standard input unless the builder says otherwise.
     *
     * @throws IOException if it cannot be started, or this thread is interrupted; the program is ended then
     */
    static ProcessRun of(ProcessBuilder builder) throws IOException {
        Process process = builder.redirectErrorStream(true).start();
        process.getOutputStream().close();
        try (InputStream in = process.getInputStream()) {
            String said = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return new ProcessRun(process.waitFor(), said);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroy();
            throw new IOException("interrupted", e);
        }
    }

    boolean isGood() {
        return code == 0;
    }

    /** In one line: what it said, else how it ended. */
    String complaint() {
        return said.isBlank() ? "exit code " + code : said.strip().replace('\n', ' ');
    }
}
