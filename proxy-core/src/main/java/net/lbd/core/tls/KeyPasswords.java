package net.lbd.core.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The passwords of encrypted keys and PKCS#12 files: the first line of the file beside, with {@code .pass} appended to the
 * name, else the environment variable {@value #VARIABLE}. They never stand on a command line or in the
 * configuration, and are not kept. Stateless.
 */
public final class KeyPasswords {

    /** The password of every file that has none beside it. */
    static final String VARIABLE = "LBD_CERT_PASSWORD";

    private KeyPasswords() { }

    /** The password for a file, if one is told anywhere. */
    static Optional<char[]> of(Path file) throws TlsException {
        Path beside = besides(file);
        if (Files.exists(beside)) {
            try {
                String text = Files.readString(beside, StandardCharsets.UTF_8);
                return Optional.of(text.lines().findFirst().orElse("").toCharArray());
            } catch (IOException e) {
                throw new TlsException("cannot read the password of " + file + " in " + beside + ": " + e.getMessage(), e);
            }
        }
        return Optional.ofNullable(System.getenv(VARIABLE)).map(String::toCharArray);
    }

    /** Where the password of a file is looked for first. */
    public static Path besides(Path file) {
        return file.resolveSibling(file.getFileName() + ".pass");
    }

    /** What to do about a password that lacks, for messages. */
    static String hint(Path file) {
        return "write the password into " + besides(file) + " (readable by lbd only) or into the environment variable " + VARIABLE;
    }
}
