package net.lbd.cli.process;

import io.netty.channel.epoll.Epoll;
import io.netty.handler.ssl.OpenSsl;
import io.netty.util.Version;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Properties;

/**
 * What {@code lbd -vv} tells: the versions of what the daemon runs on, and its features. Loads Netty and
 * its native libraries, which nothing but this and the daemon itself does.
 */
final class BuildReport {

    private BuildReport() { }

    static String text() {
        Map<String, Version> netty = Version.identify();
        return net.lbd.cli.Version.CURRENT + "\n"
                + "Running on: " + System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                + System.getProperty("os.arch") + "\n"
                + "Java: " + System.getProperty("java.vm.name") + " " + Runtime.version() + " ("
                + System.getProperty("java.home") + ")\n"
                + "Netty: " + version(netty, "netty-transport") + "\n"
                + "Transport: " + (Epoll.isAvailable()
                        ? "epoll (native)"
                        : "NIO; epoll is not available: " + firstLine(Epoll.unavailabilityCause())) + "\n"
                + "TLS: " + (OpenSsl.isAvailable()
                        ? OpenSsl.versionString() + " (netty-tcnative " + tcnativeVersion() + ")"
                        : "JDK; BoringSSL is not available: " + firstLine(OpenSsl.unavailabilityCause())) + "\n"
                + "Features: " + (Epoll.isAvailable() ? "+EPOLL" : "-EPOLL") + " "
                + (OpenSsl.isAvailable() ? "+BORINGSSL" : "-BORINGSSL") + " +HTTP1 +HTTP2 +SYSTEMD +UNIX\n";
    }

    private static String version(Map<String, Version> artifacts, String name) {
        return artifacts.entrySet().stream()
                .filter(e -> e.getKey().startsWith(name))
                .map(e -> e.getValue().artifactVersion())
                .findFirst()
                .orElse("of an unknown version");
    }

    /** Not among Netty's own versions: tcnative is released apart. */
    private static String tcnativeVersion() {
        String resource = "/META-INF/maven/io.netty/netty-tcnative-classes/pom.properties";
        try (InputStream in = OpenSsl.class.getResourceAsStream(resource)) {
            Properties properties = new Properties();
            if (in != null) {
                properties.load(in);
            }
            return properties.getProperty("version", "of an unknown version");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String firstLine(Throwable cause) {
        return cause.toString().lines().findFirst().orElse(cause.getClass().getName());
    }
}
