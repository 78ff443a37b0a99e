package net.lbd.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** How many files the process may open. Pure functions but for the look into {@code /proc}. */
public final class DescriptorLimit {

    private DescriptorLimit() { }

    /**
     * The soft limit as the kernel writes it, a number or {@code unlimited}; empty where there is no
     * {@code /proc}. Cheaper than the management beans, which load hundreds of classes.
     */
    public static Optional<String> soft() {
        try {
            return Files.readAllLines(Path.of("/proc/self/limits")).stream()
                    .filter(line -> line.startsWith("Max open files"))
                    .map(line -> line.substring("Max open files".length()).trim().split("\\s+")[0])
                    .findFirst();
        } catch (IOException e) {
            // Not Linux: nobody can tell.
            return Optional.empty();
        }
    }

    /** What to tell about {@code ulimit-n}; empty if the limit is as high as it asks for. */
    public static Optional<String> complaint(int wanted, Optional<String> soft) {
        return soft.filter(limit -> !limit.equals("unlimited") && Long.parseLong(limit) < wanted)
                .map(limit -> "'ulimit-n " + wanted + "': this process may open " + limit + " files only; raise"
                        + " LimitNOFILE in the unit of the service, or 'ulimit -n' before the start");
    }
}
