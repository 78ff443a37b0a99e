package net.lbd.cli.admin;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import net.lbd.cli.process.NetworkChecks;
import net.lbd.config.ConfigurationLoader;
import net.lbd.config.Environment;
import net.lbd.config.LoadResult;
import net.lbd.config.syntax.DiagnosticPrinter;
import net.lbd.l4.preflight.Finding;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code lbctl preflight}: whether this machine is set up for a configuration. */
@Command(name = "preflight", mixinStandardHelpOptions = true,
        description = "Checks whether this machine's network is set up for a configuration ('director' and 'vrrp' sections, transparent servers, namespaces), and"
                + " prints what mends it; needs no running daemon. Exit code 1 if something is open that keeps it from working.")
final class PreflightCommand implements Callable<Integer> {

    @ParentCommand
    private Lbctl lbctl;

    @Option(names = {"-f", "--file"}, paramLabel = "FILE", required = true, description = "The configuration: a file, or a folder of *.cfg files; may be repeated.")
    private List<Path> files;

    @Option(names = "--apply", description = "Also runs the commands that change settings of the kernel, and the route and rule of transparent connections;"
            + " they hold until the next start of the machine. Wants root.")
    private boolean apply;

    @Override
    public Integer call() throws IOException {
        LoadResult result = new ConfigurationLoader(Environment.ofProcess()).load(files);
        PrintWriter out = lbctl.terminal().out();
        if (result.configuration().isEmpty()) {
            lbctl.terminal().err().print(DiagnosticPrinter.plain().print(result.diagnostics()));
            lbctl.terminal().err().flush();
            return ExitCode.ERROR;
        }
        List<Finding> findings = NetworkChecks.of(result.configuration().get());
        boolean open = false;
        for (Finding finding : findings) {
            out.println((finding.isFatal() ? "FAIL  " : "WARN  ") + finding.what());
            List<String> left = new ArrayList<>();
            for (Finding.Remedy remedy : finding.remedies()) {
                if (apply && remedy.isSafe()) {
                    String failure = run(remedy.command());
                    out.println(failure.isEmpty() ? "      done: " + remedy.text() : "      failed: " + remedy.text() + ": " + failure);
                    open |= !failure.isEmpty();
                } else {
                    left.add(remedy.text());
                }
            }
            left.forEach(text -> out.println("      " + text));
            open |= finding.isFatal() && (!left.isEmpty() || finding.remedies().isEmpty());
        }
        out.println(findings.isEmpty() ? "This machine is set up for the configuration."
                : open ? "This machine is not set up for the configuration." : apply ? "What could be set up is." : "This machine is set up, but for what is warned of.");
        out.flush();
        return open ? ExitCode.ERROR : ExitCode.OK;
    }

    /** What a command complains of; empty if it succeeded. */
    private static String run(List<String> command) {
        try {
            ProcessRun run = ProcessRun.of(new ProcessBuilder(command));
            return run.isGood() ? "" : run.complaint();
        } catch (IOException e) {
            return e.getMessage();
        }
    }
}
