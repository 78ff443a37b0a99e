package net.lbd.cli.admin;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code lbctl import}: other programs' configurations in lbd's language. */
@Command(name = "import", mixinStandardHelpOptions = true, description = "Writes other programs' configurations in lbd's language.")
final class ImportCommand implements Runnable {

    @ParentCommand
    private Lbctl lbctl;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say of what: stunnel");
    }

    @Command(name = "stunnel", mixinStandardHelpOptions = true, description = "Prints a 'listen' section for each service of a file of stunnel."
            + " What cannot be carried over is an error, and nothing is printed; needs no daemon.")
    int stunnel(@Parameters(paramLabel = "FILE") Path file) throws IOException {
        StunnelImport converted = StunnelImport.of(file.toString(), Files.readAllLines(file, StandardCharsets.ISO_8859_1));
        converted.errors().forEach(lbctl.terminal()::complain);
        if (!converted.errors().isEmpty()) {
            return ExitCode.ERROR;
        }
        lbctl.terminal().out().print(converted.text());
        lbctl.terminal().out().flush();
        return ExitCode.OK;
    }
}
