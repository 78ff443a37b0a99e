package net.lbd.config.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import net.lbd.config.ConfigurationLoader;
import net.lbd.config.Environment;
import org.junit.jupiter.api.Test;

class DiagnosticPrinterTest {

    private final ConfigurationLoader loader = new ConfigurationLoader(new Environment(Map.of(), Path.of(".")));

    @Test
    void showsPlaceLineCaretAndHint() {
        String printed = DiagnosticPrinter.plain().print(loader.loadText("exchange.cfg",
                "backend b\n\ttimeout server 10q\n  server a 10.0.0.1 check\n  timeout server 1s\n  timeout connect 1s\n").diagnostics());
        assertThat(printed).isEqualTo("""
                [ALERT]    config : parsing [exchange.cfg:2:17] : 'timeout server 10q': unknown unit 'q'; use us, ms, s, m, h or d (LB1207)
                  \ttimeout server 10q
                  \t               ^~~
                [ALERT]    config : parsing [exchange.cfg:3:21] : server 'a' is checked, but neither it nor its check names a port (LB1406)
                    server a 10.0.0.1 check
                                      ^~~~~
                  hint: write '10.0.0.1:PORT' or 'check port PORT'
                """);
    }

    @Test
    void coloursOnlyWhenAsked() {
        var diagnostics = loader.loadText("t.cfg", "backend b\n mood http\n").diagnostics();
        assertThat(DiagnosticPrinter.plain().print(diagnostics)).doesNotContain("\u001b");
        assertThat(DiagnosticPrinter.coloured().print(diagnostics)).contains("\u001b[1;31m[ALERT]\u001b[0m");
    }

    @Test
    void controlCharactersDoNotReachTheTerminal() {
        String printed = DiagnosticPrinter.plain().print(loader.loadText("t.cfg", "backend b\n mo\u001b[2Jde http\n").diagnostics());
        assertThat(printed.lines().skip(1).findFirst()).contains("   mo\ufffd[2Jde http");
    }
}
