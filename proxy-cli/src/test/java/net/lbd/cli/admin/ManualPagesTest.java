package net.lbd.cli.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import net.lbd.cli.process.DaemonPage;
import org.junit.jupiter.api.Test;

/** The manual pages of the packages are those of the commands; {@code -Dlbd.man.update=true} writes them anew. */
class ManualPagesTest {

    private static final Path MAN = Path.of("../packaging/root/usr/share/man").toAbsolutePath().normalize();

    private static Map<String, String> wanted() {
        Map<String, String> pages = new TreeMap<>();
        ManualPages.all().forEach((name, text) -> pages.put("man1/" + name, text));
        pages.put("man8/lbd.8", DaemonPage.text());
        return pages;
    }

    @Test
    void thePagesAreThoseOfTheCommands() throws IOException {
        Map<String, String> wanted = wanted();
        if (Boolean.getBoolean("lbd.man.update")) {
            write(wanted);
        }
        Map<String, String> there = new TreeMap<>();
        try (Stream<Path> files = Files.walk(MAN)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = MAN.relativize(file).toString();
                if (!name.equals("man5/lbd.cfg.5")) {
                    there.put(name, Files.readString(file));
                }
            }
        }
        assertThat(there.keySet()).as("written anew with -Dlbd.man.update=true").isEqualTo(wanted.keySet());
        wanted.forEach((name, text) -> assertThat(there.get(name)).as(name + "; written anew with -Dlbd.man.update=true").isEqualTo(text));
    }

    private static void write(Map<String, String> pages) throws IOException {
        for (String section : List.of("man1", "man8")) {
            Files.createDirectories(MAN.resolve(section));
            try (Stream<Path> old = Files.list(MAN.resolve(section))) {
                for (Path file : old.toList()) {
                    Files.delete(file);
                }
            }
        }
        for (Map.Entry<String, String> page : pages.entrySet()) {
            Files.writeString(MAN.resolve(page.getKey()), page.getValue());
        }
    }

    @Test
    void everyOptionAndCommandIsThere() {
        Map<String, String> pages = ManualPages.all();
        assertThat(pages).containsKeys("lbctl.1", "lbctl-reload.1", "lbctl-generations-end.1", "lbctl-upgrade.1", "lbctl-exchange-generate.1");
        assertThat(pages.get("lbctl-reload.1")).contains("\\fB\\-\\-if\\-healthy\\fR[=\\fITIME\\fR]").contains(".SH EXIT STATUS");
        assertThat(pages.get("lbctl.1")).contains("\\fBupgrade\\fR").contains("\\fB\\-s\\fR, \\fB\\-\\-socket\\fR=\\fISOCKET\\fR");
    }

    @Test
    void groffFindsNoFaultWithThem() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/groff")), "groff is not installed; on Debian: apt-get install groff");
        List<String> faults = new ArrayList<>();
        try (Stream<Path> files = Files.walk(MAN)) {
            List<String> command = new ArrayList<>(List.of("groff", "-man", "-Tutf8", "-ww", "-z"));
            files.filter(Files::isRegularFile).forEach(file -> command.add(file.toString()));
            Process groff = new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(groff.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(groff.waitFor(60, TimeUnit.SECONDS)).isTrue();
            said.lines().forEach(faults::add);
            assertThat(groff.exitValue()).as(said).isZero();
        }
        assertThat(faults).isEmpty();
    }
}
