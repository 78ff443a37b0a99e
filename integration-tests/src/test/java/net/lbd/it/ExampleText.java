package net.lbd.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.lbd.config.ConfigurationLoader;
import net.lbd.config.Environment;
import net.lbd.config.model.AddressSpec;
import net.lbd.config.model.Configuration;
import net.lbd.config.model.PortSpec;
import net.lbd.testkit.FarmCertificates;

/** An example with the test's certificates and folders in the place of a machine's; its addresses and ports are its own. Immutable. */
final class ExampleText {

    private static final Pattern PORTS = Pattern.compile("\\bport ([0-9]+)");

    private final String name;
    private final String text;
    private final Configuration configuration;
    private final Set<String> servers = new TreeSet<>();
    private final Set<Integer> ports = new TreeSet<>(Set.of(25, 80, 110, 135, 143, 443, 587, 993, 995));

    ExampleText(Path example, Path dir, FarmCertificates certificates) throws IOException {
        this.name = example.getFileName().toString();
        this.text = Files.readString(example).replace("/etc/lbd/certs", dir.toString()).replace("/run/lbd", dir.toString())
                .replace("@system-ca", certificates.ca().toString())
                // The first check comes at some time within the first interval, which nobody here wants to wait for.
                .replaceAll("\\binter [0-9]+s\\b", "inter 500ms").replaceAll("\\binterval [0-9]+\\b", "interval 1")
                // On this machine everything comes by the loopback.
                .replaceAll("(?m)^(\\s+bind .*) interface eth[01]", "$1")
                // Where keepalived would look, if it were here.
                .replaceAll("(?m)^vrrp .*$", "$0\n    track-file " + dir.resolve("serves"))
                // The servers have the same ports on this machine.
                .replaceAll("(?m)^(\\s+bind )\\*?:(?=[0-9])", "$110.99.9.9:");
        this.configuration = new ConfigurationLoader(Environment.ofProcess()).loadText(example.toString(), text).configuration()
                .orElseThrow(() -> new IOException(example + " is not valid"));
        Matcher named = PORTS.matcher(text);
        while (named.find()) {
            ports.add(Integer.parseInt(named.group(1)));
        }
        configuration.serverGroups().stream().flatMap(b -> b.servers().stream()).forEach(server -> {
            if (server.address() instanceof AddressSpec.Ip ip && !ip.address().isLoopbackAddress()) {
                servers.add(ip.address().getHostAddress());
                if (ip.port() instanceof PortSpec.Fixed fixed) {
                    ports.add(fixed.port());
                }
            }
        });
    }

    String name() {
        return name;
    }

    String text() {
        return text;
    }

    Configuration configuration() {
        return configuration;
    }

    /** Their addresses. */
    Set<String> servers() {
        return servers;
    }

    /** Those that servers may be asked on. */
    Set<Integer> ports() {
        return ports;
    }
}
