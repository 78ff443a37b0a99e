package net.lbd.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import net.lbd.testkit.FarmCertificates;
import net.lbd.testkit.lab.Lab;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each way to carry Exchange's HTTPS (table 4.8 of the 2013 guide, and what the other guides add), as its example says, in a network of its
 * own with real Apaches as servers and the real curl as the client: {@link FarmMode} tells what is tried. All modes run at once, because
 * most of it is waiting.
 */
class ModesIT {

    private static final List<String> MODES = List.of("ex2013-https-tcp-reverse-advcheck", "ex2013-https-tcp-transparent-advcheck",
            "ex2013-https-bridging-simple-advcheck", "ex2013-https-bridging-advanced", "ex2013-https-bridging-advanced-transparent",
            "ex2013-https-offload-simple", "ex2013-https-offload-advanced-transparent", "ex2013-https-l4-snat", "ex2013-https-l4-dnat", "ex2013-https-l4-dsr",
            "ex2013lbo-l7-snat-kerberos", "ex2010-offload-native-tls", "exchange2016-2019-se-bridging");

    @TempDir
    private static Path dir;
    private static ExecutorService pool;
    private static final Map<String, Future<?>> RUNS = new LinkedHashMap<>();

    static List<String> modes() {
        return MODES;
    }

    @BeforeAll
    static void beginAll() throws IOException {
        Stream.of(Lab.missing(), KerberosRealm.missing(), missing(FarmServer.APACHE, "apache2"), missing(FarmServer.GSSAPI, "libapache2-mod-auth-gssapi"),
                missing(FarmServer.NTLM, "gss-ntlmssp"), missing(Path.of("/usr/bin/curl"), "curl")).flatMap(Optional::stream)
                .forEach(reason -> assumeTrue(false, reason));
        FarmMode.Common common = new FarmMode.Common(dir, FarmCertificates.in(Files.createDirectories(dir.resolve("certificates"))), attachment(), FarmMode.realm(dir));
        pool = Executors.newCachedThreadPool();
        for (String mode : MODES) {
            RUNS.put(mode, pool.submit(() -> {
                try (FarmMode run = new FarmMode(common, mode)) {
                    run.run();
                }
                return null;
            }));
        }
    }

    private static Optional<String> missing(Path file, String debianPackage) {
        return Files.exists(file) ? Optional.empty() : Optional.of(file + " is not there; on Debian: apt-get install " + debianPackage);
    }

    /** No two parts of it are alike. */
    private static Path attachment() throws IOException {
        byte[] bytes = new byte[FarmMode.ATTACHMENT_BYTES];
        new Random(50).nextBytes(bytes);
        return Files.write(dir.resolve("attachment"), bytes);
    }

    @AfterAll
    static void endAll() {
        if (pool != null) {
            pool.shutdownNow();
        }
    }

    @ParameterizedTest
    @MethodSource("modes")
    void carriesADayOfExchange(String mode) throws Throwable {
        try {
            RUNS.get(mode).get();
        } catch (ExecutionException e) {
            throw e.getCause();
        }
    }
}
