package net.lbd.core.runtime;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import net.lbd.config.model.AddressFamily;
import net.lbd.config.model.ServerSettings;
import net.lbd.config.model.Settings;
import net.lbd.core.backend.Backend;
import net.lbd.core.backend.ServerState;
import net.lbd.core.dns.DnsAnswer;
import net.lbd.core.dns.DnsAnswer.Service;
import net.lbd.core.dns.DnsAnswer.Status;
import net.lbd.core.dns.DnsQuestion;
import net.lbd.core.dns.Resolvers;
import net.lbd.core.log.ProxyMessages;
import net.lbd.core.log.ProxyMessages.Change;
import net.lbd.core.runtime.ServerHealth.Plan;

/**
 * A server that goes where its name leads. Confined to the loop of the name servers. The sentences of the log were read off HAProxy 2.6.
 *
 * <pre>
 * valid answer   it keeps its address as long as it is among those; else it takes one that no other server of its backend and name
 *                has (unless allow-dup-ip): of resolve-net before others, of the preferred family before others
 * no such one    maintenance
 * error          maintenance; it is told only when the last valid answer is older than "hold"
 * </pre>
 */
final class NamedServer {

    /** The weight of a record that was there before a reload: the server has taken note of it. */
    private static final int UNKNOWN = -1;

    private final ServerNames all;
    private final Plan plan;
    private final Resolvers section;
    private final String configuredName;
    private final Settings settings;
    private final Consumer<DnsAnswer> listener = this::answered;
    private Optional<DnsQuestion> followed = Optional.empty();
    /** The address that it has by its name, and that no other may have. */
    private Optional<InetAddress> claimed = Optional.empty();
    /** The record that it stands for. */
    private Optional<Service> service = Optional.empty();

    NamedServer(ServerNames all, Plan plan, Resolvers section, String configuredName) {
        this.all = all;
        this.plan = plan;
        this.section = section;
        this.configuredName = configuredName;
        this.settings = plan.policy().settings();
    }

    /** Whether its name is the label of SRV records, which say where it is. */
    boolean isOfService() {
        return configuredName.startsWith("_");
    }

    String label() {
        return configuredName;
    }

    Resolvers section() {
        return section;
    }

    Backend backend() {
        return plan.backend();
    }

    ServerState state() {
        return plan.server().state();
    }

    /** The name that is asked for; empty for a server that no record stands for. */
    String hostName() {
        return state().place().hostName().orElse(isOfService() ? "" : configuredName);
    }

    Optional<Service> service() {
        return service;
    }

    // ---- following

    void start() {
        Optional<SocketAddress> known = state().isUnresolved() ? Optional.empty() : state().place().address();
        known.filter(InetSocketAddress.class::isInstance).map(InetSocketAddress.class::cast).ifPresent(address -> {
            claimed = Optional.of(address.getAddress());
            if (isOfService()) {
                service = state().place().hostName().map(host -> new Service(host, address.getPort(), UNKNOWN));
            }
        });
        if (!hostName().isEmpty()) {
            ask(hostName());
        }
    }

    void stop() {
        followed.ifPresent(question -> section.unfollow(question, listener));
        followed = Optional.empty();
    }

    /** Goes by another name from now on. */
    void follow(String name) {
        state().setPlace(state().place().named(Optional.of(name)));
        claimed = Optional.empty();
        stop();
        ask(name);
    }

    private void ask(String name) {
        AddressFamily first = settings.get(ServerSettings.RESOLVE_PREFER);
        followed = DnsQuestion.addresses(name, first);
        followed.ifPresentOrElse(question -> section.follow(question, listener), () -> lose("'" + name + "' is not a name"));
    }

    private void answered(DnsAnswer answer) {
        if (state().place().byHand()) {
            return;
        }
        if (answer.status() != Status.VALID) {
            lose(answer.status().text());
            return;
        }
        Optional<InetAddress> mine = choose(answer.addresses());
        if (mine.isPresent()) {
            take(mine.get(), answer);
        } else {
            lose("No IP for server ");
        }
    }

    private Optional<InetAddress> choose(List<InetAddress> addresses) {
        Set<InetAddress> taken = all.siblings(this).stream().flatMap(s -> s.claimed.stream()).collect(Collectors.toSet());
        Optional<InetAddress> now = current().map(InetSocketAddress::getAddress);
        if (now.isPresent() && addresses.contains(now.get()) && (!taken.contains(now.get()) || settings.get(ServerSettings.ALLOW_DUP_IP))) {
            return now;
        }
        Optional<InetAddress> free = best(addresses.stream().filter(a -> !taken.contains(a)).toList());
        return free.isPresent() || !settings.get(ServerSettings.ALLOW_DUP_IP) ? free : best(addresses);
    }

    private Optional<InetAddress> best(List<InetAddress> addresses) {
        int preferred = settings.get(ServerSettings.RESOLVE_PREFER) == AddressFamily.IPV4 ? 4 : 16;
        Optional<InetAddress> best = Optional.empty();
        int bestRank = -1;
        for (InetAddress address : addresses) {
            boolean near = settings.get(ServerSettings.RESOLVE_NET).values().stream().anyMatch(net -> net.contains(address.getAddress()));
            int rank = (near ? 2 : 0) + (address.getAddress().length == preferred ? 1 : 0);
            if (rank > bestRank) {
                best = Optional.of(address);
                bestRank = rank;
            }
        }
        return best;
    }

    private Optional<InetSocketAddress> current() {
        return plan.server().checkAddress(Optional.empty()) instanceof InetSocketAddress inet && !inet.isUnresolved()
                ? Optional.of(inet) : Optional.empty();
    }

    private void take(InetAddress address, DnsAnswer answer) {
        claimed = Optional.of(address);
        Optional<InetSocketAddress> before = current();
        int port = service.map(Service::port).orElse(plan.policy().port());
        InetSocketAddress now = new InetSocketAddress(address, port);
        if (before.filter(now::equals).isPresent()) {
            return;
        }
        state().setPlace(state().place().at(now, false));
        if (before.map(InetSocketAddress::getAddress).filter(address::equals).isEmpty()) {
            section.countUpdate(answer);
            told(m -> m.placed(plan.server(), plan.name() + " changed its IP from "
                    + before.map(b -> b.getAddress().getHostAddress()).orElse("(none)") + " to " + address.getHostAddress() + " by " + all.origin(answer) + "."));
        }
        if (state().isUnresolved()) {
            become(plan, true, hostName(), all.transitions());
            told(m -> m.placed(plan.server(), "Server " + plan.name() + " administratively READY thanks to valid DNS answer."));
            all.checksChanged();
        }
    }

    private void lose(String cause) {
        claimed = Optional.empty();
        if (!state().isUnresolved()) {
            become(plan, false, cause, all.transitions());
            all.checksChanged();
        }
    }

    private void told(Consumer<ProxyMessages> message) {
        plan.backend().messages().ifPresent(message);
    }

    /**
     * A server gets or loses its address. Any thread.
     *
     * @param cause of the loss, or the name that has an address
     */
    static void become(Plan plan, boolean resolved, String cause, ServerTransitions transitions) {
        ServerState state = plan.server().state();
        boolean wasUp = state.isUp();
        if (resolved) {
            // As at the start.
            plan.check().ifPresent(target -> state.setHealth(ServerHealth.initial(plan.policy().settings(), target.timing())));
        }
        state.setReachable(resolved);
        if (state.admin() != ServerState.Admin.MAINT) {
            transitions.changed(plan, resolved ? Change.RESOLVED : wasUp ? Change.UNRESOLVED : Change.UNRESOLVED_WHILE_DOWN, cause);
        }
    }

    // ---- as one of a service

    /** Stands for a record from now on. */
    void assign(Service record, List<InetAddress> additional) {
        String before = state().place().hostName().orElse("(null)");
        service = Optional.of(record);
        weigh(record);
        follow(record.target());
        told(m -> m.placed(plan.server(), plan.name() + " changed its FQDN from " + before + " to " + record.target() + " by 'SRV record'"));
        if (!additional.isEmpty()) {
            answered(new DnsAnswer(Status.VALID, additional, List.of(), Map.of(), "DNS additional record"));
        }
    }

    /** The record is still there; its weight may be another. */
    void confirm(Service record) {
        boolean known = service.filter(s -> s.weight() == record.weight() || s.weight() == UNKNOWN).isPresent();
        service = Optional.of(record);
        if (!known) {
            weigh(record);
        }
    }

    private void weigh(Service record) {
        if (!settings.get(ServerSettings.IGNORE_WEIGHT)) {
            state().setWeight(record.serverWeight());
        }
    }

    /** No record stands for it any more. */
    void release(String cause) {
        stop();
        service = Optional.empty();
        lose(cause);
        state().setPlace(state().place().named(Optional.empty()));
    }
}
