package net.lbd.cli.admin;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import net.lbd.cli.exchange.Site;
import net.lbd.cli.exchange.probe.ExchangeProbe;
import net.lbd.cli.exchange.probe.Finding;
import net.lbd.cli.exchange.probe.Finding.Level;
import net.lbd.config.syntax.JsonWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code lbctl exchange probe}. */
@Command(name = "probe", mixinStandardHelpOptions = true,
        description = "Asks the virtual address and each server of a form as clients do, without a login, and says what is wrong. Exit code 1 if something is.")
final class ExchangeProbeCommand implements Callable<Integer> {

    @Parameters(arity = "0..1", paramLabel = "FORM", defaultValue = "site.yaml", description = "The form; default: ${DEFAULT-VALUE}.")
    private Path form;

    @Option(names = "--timeout", paramLabel = "SECONDS", defaultValue = "5", description = "For a connection and for each answer; default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(names = {"-v", "--verbose"}, description = "Also print what is good.")
    private boolean verbose;

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    @ParentCommand
    private ExchangeCommand exchange;

    @Override
    public Integer call() throws IOException {
        Terminal terminal = exchange.terminal();
        Optional<Site> site = ExchangeForm.read(form, terminal);
        if (site.isEmpty()) {
            return ExitCode.ERROR;
        }
        List<Finding> findings;
        try {
            findings = ExchangeProbe.of(site.get(), Duration.ofSeconds(Math.max(1, seconds)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the probe was interrupted", e);
        }
        if (json) {
            terminal.out().print(JsonWriter.write(findings.stream().map(ExchangeProbeCommand::map).toList()));
        } else {
            print(terminal, findings);
        }
        terminal.out().flush();
        return findings.stream().anyMatch(f -> f.level() == Level.BAD) ? ExitCode.ERROR : ExitCode.OK;
    }

    private void print(Terminal terminal, List<Finding> findings) {
        for (Finding finding : findings) {
            if (verbose || finding.level() != Level.GOOD) {
                Terminal.Mood mood = switch (finding.level()) {
                    case GOOD -> Terminal.Mood.GOOD;
                    case NOTE -> Terminal.Mood.PLAIN;
                    case WARNING -> Terminal.Mood.WATCH;
                    case BAD -> Terminal.Mood.BAD;
                };
                terminal.out().println(terminal.paint(mood, String.format(Locale.ROOT, "%-7s", finding.level().name().toLowerCase(Locale.ROOT))) + " "
                        + finding.where() + ": " + finding.subject() + ": " + finding.text());
                if (!finding.advice().isEmpty()) {
                    terminal.out().println("        " + finding.advice());
                }
            }
        }
        long bad = findings.stream().filter(f -> f.level() == Level.BAD).count();
        long warnings = findings.stream().filter(f -> f.level() == Level.WARNING).count();
        terminal.out().println(findings.size() + " looked at, " + bad + " bad, " + warnings + (warnings == 1 ? " warning" : " warnings"));
    }

    private static Map<String, Object> map(Finding finding) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("where", finding.where());
        map.put("subject", finding.subject());
        map.put("level", finding.level().name().toLowerCase(Locale.ROOT));
        map.put("text", finding.text());
        map.put("advice", finding.advice());
        return map;
    }
}
