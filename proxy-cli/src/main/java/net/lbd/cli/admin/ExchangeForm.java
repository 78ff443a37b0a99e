package net.lbd.cli.admin;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import net.lbd.cli.exchange.Checklist;
import net.lbd.cli.exchange.GeneratedFile;
import net.lbd.cli.exchange.Interview;
import net.lbd.cli.exchange.Site;
import net.lbd.cli.exchange.SiteConfiguration;
import net.lbd.cli.exchange.SiteFile;
import net.lbd.cli.exchange.SiteSchema;
import net.lbd.cli.process.ConfigurationCheck;
import net.lbd.config.ConfigurationLoader;
import net.lbd.config.Environment;
import net.lbd.config.LoadResult;
import net.lbd.config.syntax.DiagnosticFormat;
import net.lbd.config.syntax.JsonWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code lbctl exchange init|generate|checklist|schema}: the form of a site; none of them needs a daemon. */
final class ExchangeForm {

    private static final String FORM = "site.yaml";

    private ExchangeForm() { }

    /** {@code lbctl exchange init}. */
    @Command(name = "init", mixinStandardHelpOptions = true, description = "Asks about an Exchange site, and writes the answers as a form.")
    static final class Init implements Callable<Integer> {
        @Parameters(arity = "0..1", paramLabel = "FILE", defaultValue = FORM, description = "The form to write; default: ${DEFAULT-VALUE}.")
        private Path file;

        @Option(names = "--force", description = "Write over a form that is there.")
        private boolean force;

        @ParentCommand
        private ExchangeCommand exchange;

        @Override
        public Integer call() throws IOException {
            Terminal terminal = exchange.terminal();
            if (!force && Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                terminal.complain(file + " is there already; change it with an editor, or write a new one with --force");
                return ExitCode.ERROR;
            }
            String text = new Interview(new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)), terminal.out()).ask();
            SiteFile.Result result = SiteFile.read(file.toString(), text);
            FileReplacement.write(file, text.getBytes(StandardCharsets.UTF_8), "rw-r--r--");
            terminal.out().println();
            result.problems().forEach(terminal::complain);
            terminal.out().println(file + " is written; next: lbctl exchange generate " + file);
            return result.site().isPresent() ? ExitCode.OK : ExitCode.ERROR;
        }
    }

    /** {@code lbctl exchange generate}. */
    @Command(name = "generate", mixinStandardHelpOptions = true, description = "Writes the configuration that a form describes.")
    static final class Generate implements Callable<Integer> {
        @Parameters(arity = "0..1", paramLabel = "FORM", defaultValue = FORM, description = "The form; default: ${DEFAULT-VALUE}.")
        private Path form;

        @Option(names = {"-o", "--output"}, paramLabel = "FILE", defaultValue = "lbd.cfg",
                description = "The configuration to write, '-' for standard output; default: ${DEFAULT-VALUE}.")
        private Path output;

        @Option(names = "--force", description = "Write over a file that was changed by hand, or that is none of these.")
        private boolean force;

        @Option(names = "--diff", description = "Show what would change; write nothing. Exit code 1 if anything would.")
        private boolean diff;

        @ParentCommand
        private ExchangeCommand exchange;

        @Override
        public Integer call() throws IOException {
            Terminal terminal = exchange.terminal();
            Optional<Site> site = read(form, terminal);
            if (site.isEmpty()) {
                return ExitCode.ERROR;
            }
            String generated = SiteConfiguration.write(site.get());
            if (output.toString().equals("-")) {
                terminal.out().print(generated);
                terminal.out().flush();
                return ExitCode.OK;
            }
            String existing = Files.exists(output) ? Files.readString(output) : "";
            String text;
            try {
                text = GeneratedFile.write(form.getFileName().toString(), generated, force ? "" : existing);
            } catch (GeneratedFile.ChangedByHand e) {
                terminal.complain(output + ": " + e.getMessage());
                return ExitCode.ERROR;
            }
            List<String> changes = GeneratedFile.difference(existing, text);
            if (diff) {
                changes.forEach(terminal.out()::println);
                terminal.out().flush();
                return changes.isEmpty() ? ExitCode.OK : ExitCode.ERROR;
            }
            if (changes.isEmpty()) {
                terminal.out().println(output + " says so already");
            } else {
                FileReplacement.write(output, text.getBytes(StandardCharsets.UTF_8), "rw-r--r--");
                terminal.out().println(output + " is written (" + changes.size() + (changes.size() == 1 ? " line differs)" : " lines differ)"));
            }
            SiteConfiguration.advice(site.get()).forEach(a -> terminal.out().println("note: " + a));
            return check(terminal);
        }

        /** What was written is a configuration as any other. */
        private int check(Terminal terminal) {
            LoadResult result = new ConfigurationLoader(Environment.ofProcess()).load(List.of(output));
            terminal.out().flush();
            boolean colours = Boolean.getBoolean("lbd.terminal.stderr") && System.getenv("NO_COLOR") == null;
            new ConfigurationCheck(System.out, System.err, colours).verdict(result, DiagnosticFormat.TEXT, false, false, false);
            terminal.out().println(result.hasErrors() ? "it cannot be loaded on this machine yet" : "next: lbctl exchange checklist " + form);
            terminal.out().flush();
            return result.hasErrors() ? ExitCode.ERROR : ExitCode.OK;
        }
    }

    /** {@code lbctl exchange checklist}. */
    @Command(name = "checklist", mixinStandardHelpOptions = true,
            description = "Tells what a form leaves to do on this machine, in the network, on the Exchange servers and in DNS.")
    static final class Checks implements Callable<Integer> {
        @Parameters(arity = "0..1", paramLabel = "FORM", defaultValue = FORM, description = "The form; default: ${DEFAULT-VALUE}.")
        private Path form;

        @Option(names = "--json", description = "As JSON.")
        private boolean json;

        @ParentCommand
        private ExchangeCommand exchange;

        @Override
        public Integer call() throws IOException {
            Terminal terminal = exchange.terminal();
            Optional<Site> site = read(form, terminal);
            if (site.isEmpty()) {
                return ExitCode.ERROR;
            }
            List<Checklist.Chapter> chapters = Checklist.of(site.get(), form.toString());
            if (json) {
                terminal.out().println(JsonWriter.write(chapters.stream().map(ChapterText::map).toList()));
            } else {
                chapters.forEach(chapter -> ChapterText.print(terminal, chapter));
            }
            terminal.out().flush();
            return ExitCode.OK;
        }
    }

    /** {@code lbctl exchange schema}. */
    @Command(name = "schema", mixinStandardHelpOptions = true, description = "Prints the JSON schema of the form, for editors that complete and check YAML.")
    static final class Schema implements Callable<Integer> {
        @ParentCommand
        private ExchangeCommand exchange;

        @Override
        public Integer call() {
            exchange.terminal().out().print(SiteSchema.text());
            exchange.terminal().out().flush();
            return ExitCode.OK;
        }
    }

    static Optional<Site> read(Path form, Terminal terminal) throws IOException {
        String text;
        try {
            text = Files.readString(form);
        } catch (NoSuchFileException e) {
            throw new IOException("there is no form " + form + "; 'lbctl exchange init " + form + "' asks for one", e);
        } catch (java.nio.charset.CharacterCodingException e) {
            throw new IOException(form + " is not UTF-8", e);
        }
        SiteFile.Result result = SiteFile.read(form.toString(), text);
        result.problems().forEach(terminal::complain);
        return result.site();
    }

    /** How the chapters of a list are shown. */
    private static final class ChapterText {
        private ChapterText() { }

        private static Map<String, Object> map(Checklist.Chapter chapter) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("title", chapter.title());
            map.put("steps", chapter.steps().stream().map(s -> {
                Map<String, Object> step = new LinkedHashMap<>();
                step.put("what", s.what());
                step.put("commands", s.commands());
                return (Object) step;
            }).toList());
            return map;
        }

        private static void print(Terminal terminal, Checklist.Chapter chapter) {
            terminal.out().println(chapter.title());
            for (Checklist.Step step : chapter.steps()) {
                terminal.out().println("  [ ] " + step.what());
                step.commands().forEach(c -> terminal.out().println("        " + c));
            }
            terminal.out().println();
        }
    }
}
