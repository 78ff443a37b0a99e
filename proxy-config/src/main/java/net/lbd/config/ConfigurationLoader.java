package net.lbd.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import net.lbd.config.check.ConfigChecker;
import net.lbd.config.dump.ConfigurationDump;
import net.lbd.config.dump.EffectiveSection;
import net.lbd.config.keyword.Vocabulary;
import net.lbd.config.lint.Linter;
import net.lbd.config.model.Configuration;
import net.lbd.config.section.SectionParser;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Conditionals;
import net.lbd.config.syntax.Diagnostics;
import net.lbd.config.syntax.Severity;
import net.lbd.config.syntax.SourceLocation;
import net.lbd.config.syntax.Statement;
import net.lbd.config.syntax.Tokenizer;
import net.lbd.config.syntax.Variables;

/**
 * Reads configuration files. Whatever is wrong, with a file or in it, becomes a diagnostic; nothing is
 * thrown. Immutable and safe for any thread.
 */
public final class ConfigurationLoader {

    /** Larger files are refused: no configuration is as long, but a wrong name may be. */
    private static final long LARGEST_FILE_BYTES = 64L << 20;

    private final Environment environment;

    public ConfigurationLoader(Environment environment) {
        this.environment = Objects.requireNonNull(environment, "environment");
    }

    /**
     * Reads files as if they were one, in the order given.
     *
     * @param files a folder stands for all its files that end in {@code .cfg}, ordered by the bytes of
     *     their names; relative paths begin in the working directory of the environment
     */
    public LoadResult load(List<Path> files) {
        return read(files).finish();
    }

    private Load read(List<Path> files) {
        Load load = new Load();
        load.nameFiles(files);
        if (files.isEmpty()) {
            load.fileError(Code.NO_CONFIGURATION, "<command line>", "no configuration file was named");
        }
        for (Path file : files) {
            load.path(file);
        }
        return load;
    }

    /** Reads files as {@link #load} does, and keeps what they come to for comparing it later. */
    public Compared compared(List<Path> files) {
        return read(files).compared();
    }

    /** As {@link #compared}, of text. */
    public Compared comparedText(String name, String text) {
        Load load = new Load();
        load.text(name, text);
        return load.compared();
    }

    /**
     * What a load came to, and the effective configuration by sections.
     *
     * @param sections empty if there were errors
     */
    public record Compared(LoadResult result, List<EffectiveSection> sections) {
        public Compared {
            sections = List.copyOf(sections);
        }
    }

    /**
     * Reads text.
     *
     * @param name for places in diagnostics
     */
    public LoadResult loadText(String name, String text) {
        Load load = new Load();
        load.text(name, text);
        return load.finish();
    }

    /**
     * Reads files as {@link #load} does, and writes what they come to.
     *
     * @return the text is empty if there were errors
     */
    public Effective effective(List<Path> files) {
        Load load = new Load();
        load.nameFiles(files);
        files.forEach(load::path);
        return load.effective();
    }

    /** As {@link #effective}, of text. */
    public Effective effectiveText(String name, String text) {
        Load load = new Load();
        load.text(name, text);
        return load.effective();
    }

    /** Begins with what every load needs, on a thread of its own: worth it where a load is all that a process is started for. */
    public static void beginEarly() {
        Vocabulary.beginToLoad();
    }

    /** What a load came to, and the effective configuration as text. */
    public record Effective(LoadResult result, Optional<String> text) { }

    /** One load: everything that changes while it runs. */
    private final class Load {

        private final Diagnostics diagnostics = new Diagnostics();
        private final Variables variables = new Variables(environment.variables());
        private final SectionParser parser = new SectionParser(diagnostics, variables);

        /** What HAProxy itself sets, and files may use. */
        void nameFiles(List<Path> files) {
            StringBuilder names = new StringBuilder();
            for (Path file : files) {
                names.append(names.isEmpty() ? "" : ";").append(file);
            }
            variables.set("HAPROXY_CFGFILES", names.toString());
        }

        void path(Path path) {
            Path resolved = environment.workingDirectory().resolve(path);
            if (!Files.isDirectory(resolved)) {
                file(path.toString(), resolved);
                return;
            }
            List<Path> found;
            try (Stream<Path> entries = Files.list(resolved)) {
                found = entries
                        .filter(p -> p.getFileName().toString().endsWith(".cfg") && !p.getFileName().toString().startsWith("."))
                        .sorted(Comparator.comparing(p -> p.getFileName().toString()))
                        .toList();
            } catch (IOException e) {
                fileError(Code.FILE, path.toString(), "cannot list the folder '" + path + "': " + reason(e));
                return;
            }
            if (found.isEmpty()) {
                fileError(Code.NO_CONFIGURATION, path.toString(), "no file in the folder '" + path + "' ends in .cfg");
            }
            for (Path p : found) {
                file(path.resolve(p.getFileName()).toString(), p);
            }
        }

        private void file(String name, Path path) {
            try {
                if (Files.exists(path) && !Files.isRegularFile(path)) {
                    fileError(Code.FILE, name, "'" + name + "' is not a regular file");
                    return;
                }
                if (Files.size(path) > LARGEST_FILE_BYTES) {
                    fileError(Code.FILE, name, "'" + name + "' is larger than 64 MiB");
                    return;
                }
                text(name, decode(name, Files.readAllBytes(path)));
            } catch (IOException e) {
                fileError(Code.FILE, name, "cannot read '" + name + "': " + reason(e));
            }
        }

        private String decode(String name, byte[] bytes) {
            String text = new String(bytes, StandardCharsets.UTF_8);
            if (text.indexOf('\ufffd') < 0) {
                return text;
            }
            // What stands for bytes that are no UTF-8; it may also stand there itself.
            try {
                return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            } catch (CharacterCodingException e) {
                diagnostics.add(Severity.WARNING, Code.FILE, new SourceLocation(name, 1, 1), 0,
                        "'" + name + "' is not UTF-8; it is read as ISO 8859-1", Optional.empty());
                return new String(bytes, StandardCharsets.ISO_8859_1);
            }
        }

        void text(String name, String all) {
            List<String> lines = lines(all);
            diagnostics.file(name, lines);
            Tokenizer tokenizer = new Tokenizer(name, variables, diagnostics, parser::section);
            Conditionals conditionals = new Conditionals(variables, diagnostics);
            boolean text = all.indexOf('\0') < 0;
            for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i);
                if (!text && line.indexOf('\0') >= 0) {
                    diagnostics.add(Severity.ERROR, Code.FILE, new SourceLocation(name, i + 1, line.indexOf('\0') + 1), 1,
                            "a NUL character stands in the line; '" + name + "' is not text", Optional.empty());
                    return;
                }
                if (!conditionals.active() && !line.stripLeading().startsWith(".")) {
                    // Not even quotes are looked at in a block that does not count.
                    continue;
                }
                Optional<Statement> statement = tokenizer.read(line, i + 1);
                if (statement.isPresent() && !conditionals.accept(statement.get()) && conditionals.active()) {
                    parser.accept(statement.get());
                }
            }
            conditionals.end();
        }

        void fileError(Code code, String name, String message) {
            diagnostics.add(Severity.ERROR, code, new SourceLocation(name, 1, 1), 0, message, Optional.empty());
        }

        Effective effective() {
            LoadResult result = finish();
            return new Effective(result, result.hasErrors()
                    ? Optional.empty() : Optional.of(ConfigurationDump.write(parser.drafts().texts(), result.configuration().orElseThrow())));
        }

        Compared compared() {
            LoadResult result = finish();
            return new Compared(result, result.hasErrors() ? List.of() : ConfigurationDump.sections(parser.drafts().texts()));
        }

        LoadResult finish() {
            Configuration configuration =
                    new ConfigChecker(parser.drafts(), environment.workingDirectory(), diagnostics).check();
            Linter.run(configuration, parser.drafts(), diagnostics);
            return new LoadResult(
                    diagnostics.hasErrors() ? Optional.empty() : Optional.of(configuration), diagnostics.sorted());
        }
    }

    /** Lines end in LF or CR LF; the last may lack its end; a byte order mark is left out. */
    private static List<String> lines(String text) {
        List<String> lines = new ArrayList<>();
        int from = text.startsWith("\ufeff") ? 1 : 0;
        while (from < text.length()) {
            int end = text.indexOf('\n', from);
            int next = end < 0 ? text.length() : end + 1;
            int to = end < 0 ? text.length() : end;
            if (to > from && text.charAt(to - 1) == '\r') {
                to--;
            }
            lines.add(text.substring(from, to));
            from = next;
        }
        return lines;
    }

    private static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "it does not exist";
        }
        return e instanceof AccessDeniedException ? "permission denied" : String.valueOf(e.getMessage());
    }
}
