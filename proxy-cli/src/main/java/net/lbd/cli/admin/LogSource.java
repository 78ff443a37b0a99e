package net.lbd.cli.admin;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import net.lbd.config.ConfigurationLoader;
import net.lbd.config.Environment;
import net.lbd.config.model.Configuration;
import net.lbd.config.model.LogTargetSpec;
import net.lbd.config.model.LogTargetSpec.Destination;

/**
 * Where {@code lbctl logs} can read the lines that proxies log, by the configuration that the daemon runs with. Immutable.
 *
 * @param files targets {@code file@PATH}
 * @param rings targets {@code ring@NAME}
 */
record LogSource(List<Path> files, List<String> rings) {

    LogSource {
        files = List.copyOf(files);
        rings = List.copyOf(rings);
    }

    /** @throws IOException that says what to write, if there is nothing to read from */
    static LogSource of(Lbctl lbctl) throws IOException {
        List<Path> names = lbctl.ask("show process").lines().filter(line -> line.startsWith("File: ")).map(line -> Path.of(line.substring(6))).toList();
        if (names.isEmpty()) {
            throw new IOException("the daemon does not tell the files of its configuration; say where its log is: lbctl logs --file FILE");
        }
        Configuration configuration = new ConfigurationLoader(Environment.ofProcess()).load(names).configuration().orElseThrow(() ->
                new IOException("the configuration cannot be read, 'lbctl check' tells why; or say where its log is: lbctl logs --file FILE"));
        Set<Path> files = new LinkedHashSet<>();
        Set<String> rings = new LinkedHashSet<>();
        boolean standard = false;
        Set<String> others = new LinkedHashSet<>();
        List<LogTargetSpec> targets = new ArrayList<>();
        configuration.frontends().forEach(frontend -> targets.addAll(frontend.logTargets()));
        for (LogTargetSpec target : targets) {
            Destination destination = target.destination();
            if (destination instanceof Destination.File file) {
                files.add(Path.of(file.path()));
            } else if (destination instanceof Destination.Ring ring) {
                rings.add(ring.ring().name());
            } else if (destination instanceof Destination.Stdout || destination instanceof Destination.Stderr) {
                standard = true;
            } else {
                others.add(destination.getClass().getSimpleName());
            }
        }
        if (files.isEmpty() && rings.isEmpty()) {
            throw new IOException(nothing(standard, !others.isEmpty()));
        }
        return new LogSource(List.copyOf(files), List.copyOf(rings));
    }

    private static String nothing(boolean standard, boolean syslog) {
        String add = "; 'log file@/var/log/lbd/access.log local0' in global keeps a file that can be read here";
        if (standard) {
            return "the log goes to standard output; under systemd: journalctl -u lbd -o cat -f | lbctl logs --file -" + add;
        }
        return syslog ? "the log goes to syslog; if that writes a file: lbctl logs --file FILE" + add
                : "no frontend logs anything: 'log global' is missing in defaults, or 'log' in global" + add;
    }
}
