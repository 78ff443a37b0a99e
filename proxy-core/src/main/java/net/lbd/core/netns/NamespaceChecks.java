package net.lbd.core.netns;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** What this machine and this process lack to make sockets in a network namespace. Stateless. */
public final class NamespaceChecks {

    private static final Path FOLDER = Path.of("/run/netns");
    private static final int CAP_SYS_ADMIN = 21;

    private NamespaceChecks() { }

    /**
     * Something that is lacking.
     *
     * @param namespace the one that lacks it; empty: all do
     * @param remedy what mends it: a command, or words
     */
    public record Lack(Optional<String> namespace, String what, String remedy) { }

    /** Where {@code ip netns} keeps a namespace. */
    static Path file(String name) {
        return FOLDER.resolve(name);
    }

    /** What namespace has this name at the moment: two that differ are not the same; empty: none has. */
    static Optional<Object> identity(String name) {
        try {
            return Optional.of(Files.getAttribute(file(name), "unix:ino"));
        } catch (IOException | UnsupportedOperationException none) {
            return Optional.empty();
        }
    }

    /** Empty: nothing is lacking. */
    public static List<Lack> of(Collection<String> names) {
        return of(names, name -> identity(name).isPresent(), NamespaceChecks::hasProgram, mayEnter());
    }

    static List<Lack> of(Collection<String> names, Predicate<String> exists, Predicate<String> hasProgram, boolean mayEnter) {
        List<Lack> lacking = new ArrayList<>();
        for (String name : names) {
            if (!exists.test(name)) {
                lacking.add(new Lack(Optional.of(name), "there is no network namespace '" + name + "' (" + file(name) + ")", "ip netns add " + name));
            }
        }
        if (!names.isEmpty() && !mayEnter) {
            lacking.add(new Lack(Optional.empty(), "'namespace' needs the capability CAP_SYS_ADMIN, which this process has not",
                    "systemctl edit lbd, and under [Service]: AmbientCapabilities=CAP_SYS_ADMIN CapabilityBoundingSet=CAP_SYS_ADMIN"
                            + " RestrictNamespaces=net"));
        }
        for (String program : names.isEmpty() ? List.<String>of() : List.of("nsenter", "setpriv")) {
            if (!hasProgram.test(program)) {
                lacking.add(new Lack(Optional.empty(), "'namespace' needs the program '" + program + "', which is not there", "apt-get install util-linux"));
            }
        }
        return lacking;
    }

    private static boolean mayEnter() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream().filter(line -> line.startsWith("CapEff:"))
                    .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) >> CAP_SYS_ADMIN & 1) == 1);
        } catch (IOException noLinux) {
            return false;
        }
    }

    /** As the process itself is looked for. */
    private static boolean hasProgram(String name) {
        for (String folder : Optional.ofNullable(System.getenv("PATH")).orElse("").split(":")) {
            if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, name))) {
                return true;
            }
        }
        return false;
    }
}
