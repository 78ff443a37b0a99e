package net.lbd.core.runtime;

import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.lbd.config.model.BackendSpec;
import net.lbd.config.model.Configuration;
import net.lbd.config.model.GlobalSettings;
import net.lbd.config.model.InitAddress;
import net.lbd.config.model.ProxySettings;
import net.lbd.config.model.ServerSettings;
import net.lbd.config.model.ProxySettings.StateSource;
import net.lbd.config.model.Settings;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.SourceLocation;
import net.lbd.core.backend.ServerState;
import net.lbd.core.backend.ServerState.Admin;
import net.lbd.core.runtime.ServerHealth.Plan;
import net.lbd.health.HealthSnapshot;

/**
 * States of servers that were written down with {@code show servers state} before the process was started: up or down,
 * maintenance, draining, weight. Used once, by one thread. Source: HAProxy manual, "load-server-state-from-file"; management
 * guide, "show servers state".
 */
final class ServerStateFile {

    private static final long LARGEST_BYTES = 64L << 20;
    private static final int FIELDS = 17;
    private static final int ADDRESS = 4;
    private static final int FQDN = 17;

    private final Configuration configuration;
    private final Problems problems;
    private final Map<Path, Map<String, String[]>> files = new HashMap<>();

    ServerStateFile(Configuration configuration, Problems problems) {
        this.configuration = configuration;
        this.problems = problems;
    }

    /** Gives the servers of these plans the states that their backends' files have for them. */
    void restore(List<Plan> plans) {
        for (Plan plan : plans) {
            configuration.backend(plan.backend().name()).flatMap(this::file).ifPresent(file -> {
                String[] fields = files.computeIfAbsent(file.path(), path -> read(path, file.where())).get(plan.name());
                if (fields != null) {
                    restore(plan, fields, file);
                }
            });
        }
    }

    private record Place(Path path, SourceLocation where) { }

    private Optional<Place> file(BackendSpec backend) {
        Settings global = configuration.global().settings();
        StateSource source = backend.settings().get(ProxySettings.LOAD_SERVER_STATE);
        if (source == StateSource.NONE) {
            return Optional.empty();
        }
        Optional<String> name = source == StateSource.LOCAL
                ? Optional.of(backend.settings().find(ProxySettings.SERVER_STATE_FILE_NAME).orElse(backend.name()))
                : global.find(GlobalSettings.SERVER_STATE_FILE);
        return name.map(n -> new Place(Path.of(global.find(GlobalSettings.SERVER_STATE_BASE).orElse("")).resolve(n),
                backend.settings().origin(ProxySettings.LOAD_SERVER_STATE)));
    }

    /** The lines of a file by backend and server. One that is not there is how every first start finds it. */
    private Map<String, String[]> read(Path path, SourceLocation where) {
        Map<String, String[]> lines = new HashMap<>();
        if (!Files.exists(path)) {
            return lines;
        }
        List<String> text;
        try {
            if (Files.size(path) > LARGEST_BYTES) {
                throw new IOException("it has more than " + LARGEST_BYTES + " bytes");
            }
            text = Files.readAllLines(path, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            warn(where, "cannot read the server states in " + path + ": " + e.getMessage());
            return lines;
        }
        if (text.isEmpty() || !text.get(0).equals("1")) {
            warn(where, path + " does not begin with the version 1 of server states; it is not used");
            return lines;
        }
        for (int i = 1; i < text.size(); i++) {
            String line = text.get(i).strip();
            String[] fields = line.split(" +");
            if (fields.length >= FIELDS) {
                lines.put(fields[1] + "/" + fields[3], fields);
            } else if (!line.isEmpty() && !line.startsWith("#")) {
                warn(where, path + ":" + (i + 1) + ": not a server's state: '" + line + "'");
            }
        }
        return lines;
    }

    private void restore(Plan plan, String[] fields, Place file) {
        ServerState state = plan.server().state();
        try {
            int operation = Integer.parseInt(fields[5]);
            int admin = Integer.parseInt(fields[6]);
            int weight = Integer.parseInt(fields[7]);
            int initialWeight = Integer.parseInt(fields[8]);
            int health = Integer.parseInt(fields[12]);
            restoreAddress(plan, fields);
            // What the configuration says today counts more than what it said when the file was written.
            if (initialWeight == plan.server().configuredWeight() && weight != initialWeight && weight >= 0 && weight <= 256) {
                state.setWeight(weight);
            }
            if ((admin & 0x01) != 0) {
                state.setAdmin(Admin.MAINT);
            } else if ((admin & 0x08) != 0 && state.admin() == Admin.READY) {
                state.setAdmin(Admin.DRAIN);
            }
            plan.check().ifPresent(target -> state.setHealth(snapshot(target.timing().rise(), target.timing().fall(), operation, health)));
        } catch (NumberFormatException e) {
            warn(file.where(), file.path() + ": the state of " + plan.name() + " is not understood: " + e.getMessage());
        }
    }

    /** {@code init-addr last}: the address that the name had, if it is still the name, unless another method comes first. */
    private static void restoreAddress(Plan plan, String[] fields) {
        boolean first = plan.policy().settings().get(ServerSettings.INIT_ADDR).methods().stream().findFirst()
                .filter(InitAddress.Last.class::isInstance).isPresent();
        ServerState state = plan.server().state();
        boolean wanted = first || state.isUnresolved();
        boolean sameName = fields.length > FQDN && plan.policy().hostName().filter(fields[FQDN]::equals).isPresent();
        Optional<InetAddress> address = NetUtil.isValidIpV4Address(fields[ADDRESS]) || NetUtil.isValidIpV6Address(fields[ADDRESS])
                ? Optional.of(NetUtil.createInetAddressFromIpAddressString(fields[ADDRESS])) : Optional.empty();
        boolean mayBeKnown = plan.policy().settings().get(ServerSettings.INIT_ADDR).methods().stream().anyMatch(InitAddress.Last.class::isInstance);
        if (wanted && sameName && mayBeKnown && address.isPresent()) {
            state.setPlace(state.place().at(new InetSocketAddress(address.get(), plan.policy().port()), false));
            state.setReachable(true);
        }
    }

    /** @param operation 0: stopped, 1: starting, 2: running, 3: stopping */
    private static HealthSnapshot snapshot(int rise, int fall, int operation, int health) {
        boolean up = operation != 0;
        int bounded = up ? Math.max(rise, Math.min(health, rise + fall - 1)) : Math.max(0, Math.min(health, rise - 1));
        return new HealthSnapshot(up, bounded, rise, fall, Optional.empty(), Instant.now(), operation == 3);
    }

    private void warn(SourceLocation where, String message) {
        problems.warning(Code.MISSING_FILE.id(), where, message, "");
    }
}
