package net.lbd.cli.admin;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import net.lbd.cli.process.ConfigurationCheck;
import net.lbd.config.ConfigurationLoader;
import net.lbd.config.Environment;
import net.lbd.config.LoadResult;
import net.lbd.config.syntax.DiagnosticFormat;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
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

    @Override
    public Integer call() {
        LoadResult result = new ConfigurationLoader(Environment.ofProcess()).load(files);
        boolean colours = Boolean.getBoolean("lbd.terminal.stderr") && System.getenv("NO_COLOR") == null;
        boolean valid = new ConfigurationCheck(System.out, System.err, colours).verdict(result, format, quiet, zeroWarning);
        return valid ? ExitCode.OK : ExitCode.ERROR;
    }

    /** picocli's own reader of enums wants capitals. */
    static final class FormatReader implements ITypeConverter<DiagnosticFormat> {
        @Override
        public DiagnosticFormat convert(String name) {
            return DiagnosticFormat.byName(name).orElseThrow(() -> new TypeConversionException("use text, json or sarif"));
        }
    }
}
