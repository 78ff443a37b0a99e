package net.lbd.config.keyword.section;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.lbd.config.grammar.Addresses;
import net.lbd.config.model.ResolversSpec.NameServer;

/** The name servers of the machine. Stateless. Source: HAProxy manual, "parse-resolv-conf"; resolv.conf(5). */
public final class SystemNameServers {

    private static final Path FILE = Path.of("/etc/resolv.conf");

    private SystemNameServers() { }

    /** As {@code /etc/resolv.conf} has them at this moment; each is named by its address. */
    public static List<NameServer> read() throws IOException {
        return read(FILE);
    }

    static List<NameServer> read(Path file) throws IOException {
        List<NameServer> found = new ArrayList<>();
        for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
            String[] words = line.strip().split("\\s+");
            if (words.length > 1 && words[0].equals("nameserver")) {
                // An address with a scope, fe80::1%eth0, cannot be asked from everywhere; HAProxy leaves it out, too.
                Addresses.ip(words[1]).ifPresent(address -> found.add(server(words[1], address)));
            }
        }
        return found;
    }

    private static NameServer server(String name, InetAddress address) {
        return new NameServer(name, address, 53, false);
    }
}
