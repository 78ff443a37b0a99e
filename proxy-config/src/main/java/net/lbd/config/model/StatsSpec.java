package net.lbd.config.model;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The statistics page of a proxy: its {@code stats …} lines. Immutable.
 *
 * @param uri what the path and query of a request must begin with
 * @param realm that browsers show when they ask for a password
 * @param logins who may see the page; empty: everybody
 * @param refresh how often the page loads itself again; zero: never
 * @param scope the proxies that the page shows, {@code .} is its own; empty: all
 * @param node shown as the name of the machine; empty: not shown
 * @param description shown; empty: not shown
 */
public record StatsSpec(String uri, Optional<String> realm, List<Login> logins, Duration refresh, List<String> scope, boolean version,
        Optional<String> node, Optional<String> description, boolean legends, boolean modules) {

    /** The page as {@code stats enable} gives it. */
    public static final StatsSpec DEFAULT = new StatsSpec("/haproxy?stats", Optional.empty(), List.of(), Duration.ZERO, List.of(), true,
            Optional.empty(), Optional.empty(), false, false);

    /** A user of the page. */
    public record Login(String user, String password) {
        public Login {
            Objects.requireNonNull(user, "user");
            Objects.requireNonNull(password, "password");
        }

        /** Shows no password. */
        @Override
        public String toString() {
            return user;
        }
    }

    public StatsSpec {
        Objects.requireNonNull(uri, "uri");
        Objects.requireNonNull(realm, "realm");
        logins = List.copyOf(logins);
        Objects.requireNonNull(refresh, "refresh");
        scope = List.copyOf(scope);
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(description, "description");
    }

    public StatsSpec withUri(String value) {
        return new StatsSpec(value, realm, logins, refresh, scope, version, node, description, legends, modules);
    }

    public StatsSpec withRealm(String value) {
        return new StatsSpec(uri, Optional.of(value), logins, refresh, scope, version, node, description, legends, modules);
    }

    /** One more. */
    public StatsSpec with(Login login) {
        List<Login> more = new ArrayList<>(logins);
        more.add(login);
        return new StatsSpec(uri, realm, more, refresh, scope, version, node, description, legends, modules);
    }

    public StatsSpec withRefresh(Duration value) {
        return new StatsSpec(uri, realm, logins, value, scope, version, node, description, legends, modules);
    }

    /** One more. */
    public StatsSpec withScope(String proxy) {
        List<String> more = new ArrayList<>(scope);
        more.add(proxy);
        return new StatsSpec(uri, realm, logins, refresh, more, version, node, description, legends, modules);
    }

    public StatsSpec withVersion(boolean shown) {
        return new StatsSpec(uri, realm, logins, refresh, scope, shown, node, description, legends, modules);
    }

    /** @param name empty: that of the machine */
    public StatsSpec withNode(String name) {
        return new StatsSpec(uri, realm, logins, refresh, scope, version, Optional.of(name), description, legends, modules);
    }

    /** @param text empty: that of the {@code global} section */
    public StatsSpec withDescription(String text) {
        return new StatsSpec(uri, realm, logins, refresh, scope, version, node, Optional.of(text), legends, modules);
    }

    public StatsSpec withLegends() {
        return new StatsSpec(uri, realm, logins, refresh, scope, version, node, description, true, modules);
    }

    public StatsSpec withModules() {
        return new StatsSpec(uri, realm, logins, refresh, scope, version, node, description, legends, true);
    }
}
