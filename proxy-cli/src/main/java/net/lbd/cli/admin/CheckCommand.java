package net.lbd.cli.admin;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import net.lbd.cli.process.ConfigurationCheck;
import net.lbd.cli.process.ConfigurationCheck.Verdict;
import net.lbd.config.ConfigurationLoader;
import net.lbd.config.Environment;
import net.lbd.config.LoadResult;
import net.lbd.config.fix.Mender;
import net.lbd.config.fix.UnifiedDiff;
import net.lbd.config.syntax.Diagnostic;
import net.lbd.config.syntax.DiagnosticFormat;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code lbctl check}: as {@code lbd -c}; needs no daemon. */
@Command(name = "check", mixinStandardHelpOptions = true,
        description = "Checks a configuration; needs no running daemon.")
final class CheckCommand implements Callable<Integer> {

    @Option(names = {"-f", "--file"}, paramLabel = "FILE|DIR", defaultValue = "/etc/lbd/lbd.cfg",
            description = "Read this file, or every *.cfg of this folder; may be repeated."
                    + " Default: ${DEFAULT-VALUE}.")
    private List<Path> files;

    @Option(names = {"-q", "--quiet"}, description = "Print nothing; the exit code tells.")
    private boolean quiet;

    @Option(names = "--format", paramLabel = "text|json|sarif", converter = FormatReader.class, defaultValue = "text",
            description = "How to print what was found; json and sarif go to standard output.")
    private DiagnosticFormat format;

    @Option(names = "--zero-warning", description = "Take warnings for errors.")
    private boolean zeroWarning;

    @Option(names = "--startable", description = "Also fail for a valid configuration that uses what this version does"
            + " not carry out yet: the daemon refuses to start with it.")
    private boolean startable;

    @Option(names = "--fix", description = "Show as a diff how to mend what can be mended without a change of meaning:"
            + " lines without effect, lost blanks, old names.")
    private boolean fix;

    @Option(names = "--anchor-rstatus", description = "With --fix: also anchor 'rstatus', which changes what passes a check.")
    private boolean anchor;

    @Option(names = "--write", description = "With --fix: also write the mended files.")
    private boolean write;

    @ParentCommand
    private Lbctl lbctl;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if ((write || anchor) && !fix) {
            throw new ParameterException(spec.commandLine(), "--write and --anchor-rstatus stand with --fix only");
        }
        LoadResult result = new ConfigurationLoader(Environment.ofProcess()).load(files);
        if (fix) {
            mend(result);
            return result.hasErrors() ? ExitCode.ERROR : ExitCode.OK;
        }
        boolean colours = Boolean.getBoolean("lbd.terminal.stderr") && System.getenv("NO_COLOR") == null;
        Verdict verdict = new ConfigurationCheck(System.out, System.err, colours).verdict(result, format, quiet, zeroWarning, startable);
        // 2 stands for a wrong command line here, so that a configuration without a listener is an error.
        return verdict == Verdict.VALID ? ExitCode.OK : ExitCode.ERROR;
    }

    /** Shows the changes of each file, and makes them if that is wanted. */
    private void mend(LoadResult result) throws IOException {
        Map<String, List<Diagnostic>> byFile = new LinkedHashMap<>();
        result.diagnostics().forEach(d -> byFile.computeIfAbsent(d.location().file(), f -> new ArrayList<>()).add(d));
        int mended = 0;
        for (Map.Entry<String, List<Diagnostic>> entry : byFile.entrySet()) {
            List<Mender.Change> changes = Mender.changes(entry.getValue(), anchor);
            if (changes.isEmpty()) {
                continue;
            }
            mended += changes.size();
            Path file = Path.of(entry.getKey());
            // One character for each byte: what a file of another character set holds stays as it is.
            String text = Files.readString(file, StandardCharsets.ISO_8859_1);
            String decoded = isUtf8(text) ? new String(text.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8) : text;
            lbctl.terminal().out().print(UnifiedDiff.of(entry.getKey(), decoded, changes));
            if (write) {
                String after = Mender.apply(decoded, changes);
                FileReplacement.write(file, after.getBytes(decoded == text ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8), "rw-r--r--");
            }
        }
        lbctl.terminal().out().println(mended == 0 ? "nothing to mend"
                : mended + (mended == 1 ? " line" : " lines") + (write ? " mended" : " to mend; --write does it"));
        lbctl.terminal().out().flush();
    }

    private static boolean isUtf8(String bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1)));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /** picocli's own reader of enums wants capitals. */
    static final class FormatReader implements ITypeConverter<DiagnosticFormat> {
        @Override
        public DiagnosticFormat convert(String name) {
            return DiagnosticFormat.byName(name).orElseThrow(() -> new TypeConversionException("use text, json or sarif"));
        }
    }
}
