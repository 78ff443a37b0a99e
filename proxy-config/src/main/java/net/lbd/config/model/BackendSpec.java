package net.lbd.config.model;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import net.lbd.config.syntax.SourceLocation;

/**
 * The server side of a {@code backend} or {@code listen} section. Immutable.
 *
 * @param rules the rules of every rule set, in the order of the file
 * @param check what the servers that say {@code check} are checked with; the address, port and TLS
 *     overrides of a server stand in its settings
 * @param logTargets where messages about this backend go, such as a server's change of state
 * @param settings the keys are the constants of {@link ProxySettings}
 */
public record BackendSpec(
        String name,
        SourceLocation location,
        ProxyMode mode,
        BalanceSpec balance,
        List<ServerSpec> servers,
        List<RuleSpec> rules,
        CheckSpec check,
        List<LogTargetSpec> logTargets,
        Settings settings) {

    public BackendSpec {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(location, "location");
        Objects.requireNonNull(mode, "mode");
        Objects.requireNonNull(balance, "balance");
        servers = List.copyOf(servers);
        rules = List.copyOf(rules);
        Objects.requireNonNull(check, "check");
        logTargets = List.copyOf(logTargets);
        Objects.requireNonNull(settings, "settings");
    }

    public Optional<ServerSpec> server(String serverName) {
        return servers.stream().filter(s -> s.name().equals(serverName)).findFirst();
    }

    /** The same with other servers and settings. */
    public BackendSpec with(List<ServerSpec> otherServers, Settings otherSettings) {
        return new BackendSpec(name, location, mode, balance, otherServers, rules, check, logTargets, otherSettings);
    }
}
