package net.lbd.l4.preflight;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import net.lbd.l4.Networks;
import net.lbd.l4.transparent.TransparentRouting;

/** What the checks ask of the machine; a seam for their tests. */
interface MachineFacts {

    /** A setting of the kernel by its name, such as {@code net.ipv4.ip_forward}; empty if there is none. */
    Optional<String> sysctl(String name);

    /** Whether this process may change the network: CAP_NET_ADMIN. */
    boolean maySetUpNetworks();

    /** Whether a program is on the path, or where the system keeps its own. */
    boolean hasProgram(String name);

    Networks networks() throws IOException;

    /** Whether a rule leads answers to foreign addresses to this machine's sockets. */
    boolean hasWayBack(boolean ipv6);

    /** This machine. */
    MachineFacts HERE = new MachineFacts() {

        private static final int CAP_NET_ADMIN = 12;

        @Override
        public Optional<String> sysctl(String name) {
            // Names of interfaces may hold dots: a slash stands for the dot between parts where one does.
            Path path = Path.of("/proc/sys", name.indexOf('/') < 0 ? name.replace('.', '/') : name);
            try {
                return Optional.of(Files.readString(path).strip());
            } catch (IOException none) {
                return Optional.empty();
            }
        }

        @Override
        public boolean maySetUpNetworks() {
            try {
                return Files.readAllLines(Path.of("/proc/self/status")).stream().filter(l -> l.startsWith("CapEff:"))
                        .anyMatch(l -> (Long.parseUnsignedLong(l.substring(7).strip(), 16) >> CAP_NET_ADMIN & 1) == 1);
            } catch (IOException noLinux) {
                return false;
            }
        }

        @Override
        public boolean hasProgram(String name) {
            String path = Optional.ofNullable(System.getenv("PATH")).orElse("") + ":/usr/sbin:/sbin:/usr/bin:/bin";
            for (String folder : path.split(":")) {
                if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, name))) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public Networks networks() throws IOException {
            return Networks.now();
        }

        @Override
        public boolean hasWayBack(boolean ipv6) {
            return new TransparentRouting().isThere(ipv6);
        }
    };
}
