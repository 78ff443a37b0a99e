package net.lbd.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.lbd.testkit.FarmCertificates;
import net.lbd.testkit.lab.Lab;
import net.lbd.testkit.lab.LabProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every example carries traffic as it stands, on its own addresses and ports: each service through each bind comes to one of the servers. Those
 * that need a second network are tried by {@link TransparentIT} and {@link DirectorIT}.
 */
class ExampleTrafficIT {

    /** Tried elsewhere, or there is nobody to come to. */
    private static final Set<String> OTHERS = Set.of("quickstart.cfg", "dns-and-mails.cfg", "operations.cfg", "tls.cfg");

    @TempDir
    private static Path dir;
    private static Lab lab;
    private static LabProcess driver;

    static List<Path> examples() throws IOException {
        List<Path> all = SourceTree.files("conf-examples", ".cfg");
        return all.stream().filter(p -> !OTHERS.contains(p.getFileName().toString())).filter(p -> {
            String text = SourceTree.read("conf-examples/" + p.getFileName());
            return !text.contains("usesrc") && !text.contains("\ndirector ");
        }).toList();
    }

    @BeforeAll
    static void build() throws IOException {
        Optional<String> missing = Lab.missing();
        assumeTrue(missing.isEmpty(), () -> missing.orElse(""));
        FarmCertificates certificates = FarmCertificates.in(dir);
        Files.copy(certificates.site(), dir.resolve("2013.haproxylab.net.pem"));
        Files.copy(certificates.ca(), dir.resolve("exchange-ca.pem"));
        lab = new Lab();
        lab.machine("lb");
        lab.on("lb", "ip link set lo up");
        driver = lab.start("lb", "java", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), ExampleDriver.class.getName(),
                dir.toString());
    }

    @AfterAll
    static void end() {
        if (lab != null) {
            lab.close();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void carriesTraffic(Path example) {
        assertThat(driver.line(example.toString())).startsWith("ok ");
    }
}
