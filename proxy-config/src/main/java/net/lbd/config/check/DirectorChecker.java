package net.lbd.config.check;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import net.lbd.config.draft.BindDraft;
import net.lbd.config.draft.DirectorDraft;
import net.lbd.config.draft.Drafts;
import net.lbd.config.draft.PlainDraft;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.draft.ServerDraft;
import net.lbd.config.grammar.SectionKind;
import net.lbd.config.model.AddressSpec;
import net.lbd.config.model.BackendSpec;
import net.lbd.config.model.BalanceSpec;
import net.lbd.config.model.DirectorSpec;
import net.lbd.config.model.LogTargetSpec;
import net.lbd.config.model.PortSpec;
import net.lbd.config.model.ProxyMode;
import net.lbd.config.model.ProxySettings;
import net.lbd.config.model.ServerSettings;
import net.lbd.config.model.ServerSpec;
import net.lbd.config.model.SourceSpec;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Diagnostics;
import net.lbd.config.syntax.Word;

/** Sections {@code director}: whether their lines fit together, and with what else listens. Not thread-safe. */
final class DirectorChecker {

    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(10);
    private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(3);

    private final ServerChecker servers;
    private final Function<ProxyDraft, List<LogTargetSpec>> logTargets;
    private final Diagnostics diagnostics;

    DirectorChecker(ServerChecker servers, Function<ProxyDraft, List<LogTargetSpec>> logTargets, Diagnostics diagnostics) {
        this.servers = servers;
        this.logTargets = logTargets;
        this.diagnostics = diagnostics;
    }

    List<DirectorSpec> build(Drafts drafts, Map<String, ProxyDraft> backends) {
        List<DirectorSpec> specs = new ArrayList<>();
        Map<String, Word> names = new HashMap<>();
        backends.forEach((name, backend) -> names.put(name, backend.name()));
        Map<String, Word> taken = binds(drafts);
        for (PlainDraft section : drafts.plain()) {
            DirectorDraft director = section.director();
            if (section.kind() != SectionKind.DIRECTOR || director.address.isEmpty() || director.ports.isEmpty()) {
                // Its first line was wrong, and has been reported.
                continue;
            }
            Word before = names.putIfAbsent(section.name().text(), section.name());
            if (before != null) {
                diagnostics.error(Code.DUPLICATE, section.name(), "director '" + section.name() + "' has the name of the section at "
                        + before.location().fileAndLine());
            }
            takePorts(section, director, taken);
            shape(section, director);
            specs.add(spec(section, director));
        }
        return specs;
    }

    /** What proxies listen on, where it is one address and port. */
    private static Map<String, Word> binds(Drafts drafts) {
        Map<String, Word> taken = new HashMap<>();
        for (ProxyDraft proxy : drafts.proxies()) {
            for (BindDraft bind : proxy.binds()) {
                for (AddressSpec address : bind.addresses()) {
                    if (address instanceof AddressSpec.Ip ip && ip.port() instanceof PortSpec.Fixed fixed) {
                        taken.putIfAbsent(key(ip.address(), fixed.port()), bind.addressWord());
                    }
                }
            }
        }
        return taken;
    }

    private static String key(InetAddress address, int port) {
        return address.getHostAddress() + " " + port;
    }

    private void takePorts(PlainDraft section, DirectorDraft director, Map<String, Word> taken) {
        for (int port : director.ports) {
            Word at = director.addressWord.orElse(section.name());
            Word before = taken.putIfAbsent(key(director.address.orElseThrow(), port), at);
            if (before != null) {
                diagnostics.error(Code.ADDRESS_IN_USE, at, "director '" + section.name() + "': port " + port + " of this address is taken by '"
                        + before + "' at " + before.location().fileAndLine());
            }
        }
    }

    private void shape(PlainDraft section, DirectorDraft director) {
        boolean gateway = director.mode == DirectorSpec.Mode.GATEWAY;
        InetAddress address = director.address.orElseThrow();
        director.sourceWord.ifPresent(word -> {
            if (gateway) {
                diagnostics.error(Code.NOT_HERE, word, "director '" + section.name() + "': in mode gateway packets reach the servers as they"
                        + " are, with the client's address", "source NAT is for 'mode nat'");
            }
            family(section, word, address, director.source.orElseThrow(), "source");
        });
        if (!gateway && !director.interfaces.isEmpty()) {
            diagnostics.error(Code.NOT_HERE, director.interfaces.get(0), "director '" + section.name()
                    + "': 'interface' is for mode gateway; in mode nat packets are taken from every interface");
        }
        for (int i = 0; i < director.allowed.size(); i++) {
            family(section, director.allowedWords.get(i), address, director.allowed.get(i).first(), "allow");
        }
        int bits = address.getAddress().length * 8;
        if (director.persistencePrefix.orElse(1) > bits) {
            diagnostics.error(Code.BAD_VALUE, director.persistenceWord.orElseThrow(), "director '" + section.name()
                    + "': netmask " + director.persistencePrefix.get() + " is longer than an IPv4 address");
        }
        if (director.backend().servers().isEmpty()) {
            diagnostics.warn(Code.NO_EFFECT, section.name(), "director '" + section.name() + "' has no server: its clients are refused");
        }
        for (ServerDraft server : director.backend().servers()) {
            server(section, director, server, gateway);
        }
    }

    private void server(PlainDraft section, DirectorDraft director, ServerDraft server, boolean gateway) {
        AddressSpec.Ip ip = (AddressSpec.Ip) server.address();
        InetAddress address = director.address.orElseThrow();
        Word at = server.addressWord();
        family(section, at, address, ip.address(), "server " + server.name());
        if (ip.address().equals(address)) {
            diagnostics.error(Code.BAD_ADDRESS, at, "server '" + server.name() + "' has the director's own address: packets would go in a circle");
        }
        if (!(ip.port() instanceof PortSpec.Fixed fixed) || fixed.port() == 0) {
            return;
        }
        if (director.ports.size() > 1) {
            diagnostics.error(Code.BAD_ADDRESS, at, "director '" + section.name() + "' has several ports: each goes to the same port of the"
                    + " servers, and '" + at + "' names one", "leave the port out");
        } else if (gateway && fixed.port() != director.ports.get(0)) {
            diagnostics.error(Code.BAD_ADDRESS, at, "server '" + server.name() + "': in mode gateway packets reach the servers as they are, so"
                    + " that the server's port must be the director's, " + director.ports.get(0) + ", and not " + fixed.port(),
                    "leave the port out, or use 'mode nat'");
        }
    }

    private void family(PlainDraft section, Word at, InetAddress director, InetAddress other, String what) {
        if (director.getAddress().length != other.getAddress().length) {
            diagnostics.error(Code.BAD_ADDRESS, at, "director '" + section.name() + "': the address of '" + what + "' is "
                    + version(other) + ", the director's " + version(director));
        }
    }

    private static String version(InetAddress address) {
        return address.getAddress().length == 4 ? "IPv4" : "IPv6";
    }

    private DirectorSpec spec(PlainDraft section, DirectorDraft director) {
        InetAddress address = director.address.orElseThrow();
        ProxyDraft backend = director.backend();
        List<ServerDraft> written = List.copyOf(backend.servers());
        backend.servers().clear();
        for (ServerDraft server : written) {
            backend.servers().add(complete(server, director));
        }
        if (!backend.settings().isSet(ProxySettings.TIMEOUT_CHECK)) {
            backend.settings().put(ProxySettings.TIMEOUT_CHECK, CHECK_TIMEOUT, section.name().location());
        }
        List<ServerSpec> specs = servers.build(backend);
        new CheckSequence(backend, diagnostics).check();
        // What chooses is the kernel; for whoever asks the backend, the nearest of its algorithms.
        String algorithm = director.balance == DirectorSpec.Balance.SRCDST ? "source" : director.balance.name().toLowerCase(Locale.ROOT);
        BackendSpec built = new BackendSpec(section.name().text(), section.name().location(), ProxyMode.TCP,
                new BalanceSpec(section.name().location(), algorithm, List.of()), specs, List.of(), backend.check().toSpec(),
                logTargets.apply(backend), backend.settings().build());
        int bits = address.getAddress().length * 8;
        return new DirectorSpec(section.name().text(), section.name().location(), address, director.ports, director.mode, director.balance,
                director.source, director.persistence.map(time -> new DirectorSpec.Persistence(time, director.persistencePrefix.orElse(bits))),
                director.interfaces.stream().map(Word::text).toList(), director.allowed, built);
    }

    /** With the port that it is checked on, and what the section says for all. */
    private static ServerDraft complete(ServerDraft server, DirectorDraft director) {
        AddressSpec.Ip ip = (AddressSpec.Ip) server.address();
        AddressSpec address = ip.port() instanceof PortSpec.Fixed fixed && fixed.port() > 0 ? ip
                : new AddressSpec.Ip(ip.text(), ip.address(), new PortSpec.Fixed(director.ports.get(0)));
        ServerDraft whole = new ServerDraft(server.name(), server.addressWord(), address);
        whole.inherit(server);
        // The check line may stand below the servers.
        ServerDraft common = director.backend().defaultServer();
        if (!whole.settings().isSet(ServerSettings.INTER)) {
            whole.put(ServerSettings.INTER, common.settings().isSet(ServerSettings.INTER)
                    ? common.settings().get(ServerSettings.INTER) : CHECK_INTERVAL, server.name());
        }
        if (!whole.settings().isSet(ServerSettings.CHECK_PORT) && director.checkPort.isPresent()) {
            whole.put(ServerSettings.CHECK_PORT, director.checkPort.getAsInt(), server.name());
        }
        Optional<SourceSpec> source = common.settings().find(ServerSettings.SOURCE).map(s -> s.value());
        if (source.isPresent()) {
            whole.put(ServerSettings.SOURCE, source.get(), server.name());
        }
        return whole;
    }
}
