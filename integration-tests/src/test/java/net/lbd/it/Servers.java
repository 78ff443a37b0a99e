package net.lbd.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import net.lbd.testkit.FarmCertificates;
import net.lbd.testkit.RealServer;
import net.lbd.testkit.RealServers;
import net.lbd.testkit.RealServers.Kind;

/**
 * Real web servers for a test: nginx of this machine; else nginx in a container, where Docker runs;
 * else the test is skipped. The local program comes first, because it needs no image from elsewhere.
 */
final class Servers {

    private Servers() {}

    static RealServer start(String name, Path dir, FarmCertificates certificates) throws IOException {
        if (Kind.NGINX.isInstalled()) {
            return RealServers.start(Kind.NGINX, name, dir, certificates);
        }
        if (Kind.APACHE.isInstalled()) {
            return RealServers.start(Kind.APACHE, name, dir, certificates);
        }
        assumeTrue(ContainerServer.isPossible(), Kind.NGINX.howToInstall() + "; and Docker does not run");
        return ContainerServer.start(name, dir, certificates);
    }
}
