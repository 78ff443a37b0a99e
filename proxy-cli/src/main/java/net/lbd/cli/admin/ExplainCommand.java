package net.lbd.cli.admin;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import net.lbd.cli.explain.CaseFile;
import net.lbd.cli.explain.ExplanationText;
import net.lbd.core.runtime.RuleWalk;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code lbctl explain}: which rules a request meets, and where it goes; needs no daemon. */
@Command(name = "explain", mixinStandardHelpOptions = true,
        description = "Walks the rules of a configuration with one request; needs no running daemon. Every server counts as up.")
final class ExplainCommand implements Callable<Integer> {

    @ParentCommand
    private Lbctl lbctl;

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "METHOD", description = "Such as GET.")
    private String method;

    @Parameters(index = "1", paramLabel = "URL", description = "Such as https://mail.example.com/owa/, or a path alone.")
    private String url;

    @Option(names = {"-f", "--file"}, paramLabel = "FILE|DIR", defaultValue = "/etc/lbd/lbd.cfg",
            description = "Read this file, or every *.cfg of this folder; may be repeated. Default: ${DEFAULT-VALUE}.")
    private List<Path> files;

    @Option(names = "--from", paramLabel = "IP", description = "The client's address. Default: 127.0.0.1.")
    private String from;

    @Option(names = "--sni", paramLabel = "NAME", description = "The name of the TLS handshake. Default: the host of the URL.")
    private String sni;

    @Option(names = "--frontend", paramLabel = "NAME", description = "Default: by the URL's scheme and port.")
    private String frontend;

    @Option(names = {"-H", "--header"}, paramLabel = "'Name: value'", description = "A header of the request; may be repeated.")
    private List<String> headers = List.of();

    @Override
    public Integer call() {
        try {
            RuleWalk.Request request = CaseFile.request(method, url, Optional.ofNullable(from), Optional.ofNullable(sni),
                    Optional.ofNullable(frontend), headers);
            Optional<RuleWalk> walk = RuleWalks.open(files, lbctl.terminal());
            if (walk.isEmpty()) {
                return ExitCode.ERROR;
            }
            try (RuleWalk open = walk.get()) {
                lbctl.terminal().out().print(ExplanationText.of(open.explain(request)));
                lbctl.terminal().out().flush();
            }
            return ExitCode.OK;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
