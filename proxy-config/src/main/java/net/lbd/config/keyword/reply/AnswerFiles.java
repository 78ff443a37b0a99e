package net.lbd.config.keyword.reply;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import net.lbd.config.grammar.StatementException;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Word;

/** Reads the files that answers are made of, when the configuration is read. Stateless. */
public final class AnswerFiles {

    /** Every answer holds a copy on its way: what is larger belongs on a server. */
    private static final long LARGEST_BYTES = 1 << 20;

    private static final Path NOTHING = Path.of("/dev/null");

    private AnswerFiles() { }

    /** The content, one character for each byte. */
    public static String read(Word name) {
        try {
            Path path = Path.of(name.text());
            if (!Files.exists(path)) {
                throw new StatementException(Code.MISSING_FILE, name, "no file '" + name + "' is there");
            }
            if (!Files.isRegularFile(path) && !path.equals(NOTHING) || Files.size(path) > LARGEST_BYTES) {
                throw new StatementException(Code.FILE, name, "'" + name + "' is not a file, or larger than 1 MiB");
            }
            return new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1);
        } catch (AccessDeniedException e) {
            throw new StatementException(Code.MISSING_FILE, name, "the file '" + name + "' may not be read");
        } catch (NoSuchFileException e) {
            throw new StatementException(Code.MISSING_FILE, name, "no file '" + name + "' is there any more");
        } catch (InvalidPathException e) {
            throw new StatementException(Code.MISSING_FILE, name, "'" + name + "' is not a path");
        } catch (IOException e) {
            throw new StatementException(Code.FILE, name, "cannot read the file '" + name + "': " + e.getMessage());
        }
    }
}
