package net.lbd.config.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.lbd.config.draft.CheckDraft;
import net.lbd.config.draft.GlobalDraft;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.draft.ServerDraft;
import net.lbd.config.keyword.sample.Checkpoint;
import net.lbd.config.keyword.check.SharedCheckKeywords;
import net.lbd.config.model.AddressSpec;
import net.lbd.config.model.CheckStep;
import net.lbd.config.model.GlobalSettings;
import net.lbd.config.model.PortSpec;
import net.lbd.config.model.ProxySettings;
import net.lbd.config.model.ProxyMode;
import net.lbd.config.model.ServerSettings;
import net.lbd.config.model.ServerSpec;
import net.lbd.config.model.Setting;
import net.lbd.config.model.Settings;
import net.lbd.config.model.SourceSpec;
import net.lbd.config.model.Verify;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Diagnostics;
import net.lbd.config.syntax.Word;

/** Servers: names, TLS verification, the port of checks. Not thread-safe. */
final class ServerChecker {

    private final GlobalDraft global;
    private final CertificateFinder certificates;
    private final SampleChecker samples;
    private final NameChecker names;
    private final Diagnostics diagnostics;
    /** The guids of all servers so far. */
    private final Map<String, Word> guids = new HashMap<>();

    ServerChecker(GlobalDraft global, CertificateFinder certificates, SampleChecker samples, NameChecker names,
            Diagnostics diagnostics) {
        this.names = names;
        this.global = global;
        this.certificates = certificates;
        this.samples = samples;
        this.diagnostics = diagnostics;
    }

    List<ServerSpec> build(ProxyDraft proxy) {
        Map<String, Word> taken = new HashMap<>();
        Map<Integer, Word> ids = ids(proxy);
        checkGuids(proxy);
        Optional<CheckDraft.Line> tlsStep = tlsStep(proxy);
        int nextId = 1;
        List<ServerSpec> specs = new ArrayList<>();
        for (ServerDraft server : proxy.servers()) {
            Word before = taken.putIfAbsent(server.name().text(), server.name());
            if (before != null) {
                diagnostics.error(Code.DUPLICATE, server.name(), proxy.title() + " has a server '" + server.name() + "' already, at "
                        + before.location().fileAndLine());
            }
            if (server.resolvers().isPresent() && !server.resolvers().get().is("default")) {
                Word resolvers = server.resolvers().get();
                names.check(ProxyDraft.NameKind.RESOLVERS, resolvers, resolvers.text());
            }
            resolution(server);
            Settings settings = settings(server, proxy, tlsStep);
            Optional<Integer> id = settings.find(ServerSettings.ID);
            while (id.isEmpty() && ids.containsKey(nextId)) {
                nextId++;
            }
            specs.add(new ServerSpec(
                    server.name().text(), id.orElse(nextId), server.name().location(), server.address(), settings));
            // Servers with an id count too, so that those behind them have their places for numbers.
            nextId++;
        }
        return specs;
    }

    private void checkGuids(ProxyDraft proxy) {
        for (ServerDraft server : proxy.servers()) {
            if (server.settings().isSet(ServerSettings.GUID)) {
                Word before = guids.putIfAbsent(server.settings().get(ServerSettings.GUID), server.name());
                if (before != null) {
                    diagnostics.error(Code.DUPLICATE, server.wordOf(ServerSettings.GUID), "server '" + server.name() + "': guid "
                            + server.settings().get(ServerSettings.GUID) + " is that of server '" + before + "' already, at "
                            + before.location().fileAndLine());
                }
            }
        }
    }

    /** Only a resolvers section knows of services. */
    private void resolution(ServerDraft server) {
        if (isService(server.address()) && server.resolvers().isEmpty()) {
            diagnostics.error(Code.BAD_ADDRESS, server.addressWord(), "'" + server.addressWord()
                    + "' begins with an underscore, as the labels of SRV records do: only 'resolvers' can look it up");
        }
    }

    private static boolean isService(AddressSpec address) {
        return address instanceof AddressSpec.Host host && host.name().startsWith("_");
    }

    /** The numbers that server lines ask for. */
    private Map<Integer, Word> ids(ProxyDraft proxy) {
        Map<Integer, Word> ids = Map.of();
        for (ServerDraft server : proxy.servers()) {
            if (!server.settings().isSet(ServerSettings.ID)) {
                continue;
            }
            int id = server.settings().get(ServerSettings.ID);
            ids = ids.isEmpty() ? new HashMap<>() : ids;
            Word before = ids.putIfAbsent(id, server.name());
            if (before != null) {
                diagnostics.error(Code.DUPLICATE, server.wordOf(ServerSettings.ID), "server '" + server.name() + "': id " + id
                        + " is that of server '" + before + "' already, at " + before.location().fileAndLine());
            }
        }
        return ids;
    }

    private Settings settings(ServerDraft server, ProxyDraft proxy, Optional<CheckDraft.Line> tlsStep) {
        Settings.Builder settings = server.settings();
        boolean ssl = settings.get(ServerSettings.SSL);
        boolean checkSsl = settings.get(ServerSettings.CHECK_SSL);
        if (ssl || checkSsl) {
            verify(server, settings, server.wordOf(ssl ? ServerSettings.SSL : ServerSettings.CHECK_SSL));
        }
        // A check may speak TLS where the traffic passes through untouched.
        if (!ssl && !checkSsl && tlsStep.isPresent()) {
            verify(server, settings, tlsStep.get().keyword());
        }
        if (settings.get(ServerSettings.CHECK) && !hasCheckPort(server, settings, proxy)) {
            diagnostics.error(Code.NO_CHECK_PORT, server.wordOf(ServerSettings.CHECK), "server '" + server.name()
                    + "' is checked, but neither it nor its check names a port", "write '" + server.addressWord() + ":PORT' or 'check port PORT'");
        }
        if (settings.get(ServerSettings.AGENT_CHECK) && !settings.isSet(ServerSettings.AGENT_PORT) && !settings.isSet(ServerSettings.CHECK_PORT)) {
            diagnostics.error(Code.NO_CHECK_PORT, server.wordOf(ServerSettings.AGENT_CHECK), "server '" + server.name()
                    + "' has an agent, but nothing says on which port", "add 'agent-port PORT'");
        }
        if (settings.get(ServerSettings.OBSERVE) != ServerSettings.Observe.NONE && !settings.get(ServerSettings.CHECK)) {
            diagnostics.warn(Code.NO_EFFECT, server.wordOf(ServerSettings.OBSERVE), "'observe' has no effect on server '"
                    + server.name() + "', which is not checked: nothing would find out that it is well again");
        }
        if (settings.isSet(ServerSettings.NAMESPACE) && server.address() instanceof AddressSpec.Unix) {
            diagnostics.warn(Code.NO_EFFECT, server.wordOf(ServerSettings.NAMESPACE), "'namespace' has no effect on server '" + server.name()
                    + "': Unix sockets are reached by their path, from every network namespace");
        }
        if (settings.isSet(ServerSettings.SNI)) {
            samples.check(settings.get(ServerSettings.SNI), server.wordOf(ServerSettings.SNI), Set.of(Checkpoint.SERVER_CONNECTION), proxy);
        }
        if (!settings.isSet(ServerSettings.SOURCE) && !(server.address() instanceof AddressSpec.Unix)) {
            proxy.settings().find(ProxySettings.SOURCE).ifPresent(source -> settings.put(ServerSettings.SOURCE, source.value(), source.location()));
        }
        settings.find(ServerSettings.SOURCE).filter(source -> source.value().as() instanceof SourceSpec.As.Header && proxy.mode() != ProxyMode.HTTP)
                .ifPresent(source -> {
                    diagnostics.warn(Code.NO_EFFECT, server.addressWord(), "'source … usesrc hdr_ip' has no effect on server '" + server.name()
                            + "': " + proxy.title() + " is in mode tcp and reads no headers");
                    settings.put(ServerSettings.SOURCE, source.value().withoutForeign(), source.location());
                });
        if (settings.isSet(ServerSettings.CRT)) {
            file(server, settings, ServerSettings.CRT, GlobalSettings.CRT_BASE);
        }
        if (settings.isSet(ServerSettings.CA_FILE)) {
            caFile(server, settings);
        }
        if (!ssl && !checkSsl && tlsStep.isEmpty()) {
            return settings.build();
        }
        return Settings.builder().putAll(global.serverDefaults().build()).putAll(settings.build()).build();
    }

    private void verify(ServerDraft server, Settings.Builder settings, Word because) {
        if (!settings.isSet(ServerSettings.VERIFY)) {
            if (global.serverVerify() == Verify.NONE) {
                settings.put(ServerSettings.VERIFY, Verify.NONE, global.settings().find(GlobalSettings.SSL_SERVER_VERIFY)
                        .orElseThrow().location());
                return;
            }
            if (!settings.isSet(ServerSettings.CA_FILE)) {
                noWayToVerify(server, because);
            }
        } else if (settings.find(ServerSettings.VERIFY).orElseThrow().value() == Verify.REQUIRED
                && !settings.isSet(ServerSettings.CA_FILE)) {
            noWayToVerify(server, because);
        }
    }

    private void noWayToVerify(ServerDraft server, Word because) {
        diagnostics.error(Code.SERVER_VERIFY, because, "server '" + server.name() + "' is connected to with TLS ('"
                + because + "'), but nothing says how to check its certificate",
                "add 'ca-file PATH' (or 'ca-file @system-ca') to check it, or 'verify none' not to;\n"
                        + "'ssl-server-verify none' in global does so for every server");
    }

    private void file(ServerDraft server, Settings.Builder settings, Setting<String> setting, Setting<String> baseSetting) {
        settings.find(setting).ifPresent(value -> {
            Word word = server.wordOf(setting);
            Word name = new Word(value.value(), word.location(), word.length());
            Optional<String> base = global.settings().find(baseSetting).map(Settings.Sourced::value);
            certificates.find(name, base, baseSetting.name())
                    .ifPresent(path -> settings.put(setting, path, value.location()));
        });
    }

    private void caFile(ServerDraft server, Settings.Builder settings) {
        Optional<String> base = global.settings().find(GlobalSettings.CA_BASE).map(Settings.Sourced::value);
        settings.find(ServerSettings.CRL_FILE).ifPresent(value -> certificates.findRevoked(server.wordOf(ServerSettings.CRL_FILE), value.value(), base)
                .ifPresent(path -> settings.put(ServerSettings.CRL_FILE, path, value.location())));
        settings.find(ServerSettings.CA_FILE).ifPresent(value -> {
            certificates.findAuthorities(server.wordOf(ServerSettings.CA_FILE), value.value(), base)
                    .ifPresent(path -> settings.put(ServerSettings.CA_FILE, path, value.location()));
        });
    }

    private static boolean opensTls(CheckDraft.Line line) {
        return line.step() instanceof CheckStep.Connect connect && connect.flags().contains(CheckStep.ConnectFlag.SSL);
    }

    /** The first step of the check that opens TLS. */
    private static Optional<CheckDraft.Line> tlsStep(ProxyDraft proxy) {
        for (CheckDraft.Line line : proxy.check().counting()) {
            if (opensTls(line)) {
                return Optional.of(line);
            }
        }
        return Optional.empty();
    }

    private static boolean hasCheckPort(ServerDraft server, Settings.Builder settings, ProxyDraft proxy) {
        if (hasPort(server.address()) || isService(server.address())) {
            return true;
        }
        List<CheckStep.Connect> connects = proxy.check().counting().stream().map(CheckDraft.Line::step)
                .filter(CheckStep.Connect.class::isInstance).map(CheckStep.Connect.class::cast).toList();
        if (!connects.isEmpty() && connects.stream().allMatch(SharedCheckKeywords::namesPort)) {
            return true;
        }
        return settings.isSet(ServerSettings.CHECK_PORT)
                || settings.isSet(ServerSettings.CHECK_ADDR) && hasPort(settings.get(ServerSettings.CHECK_ADDR));
    }

    private static boolean hasPort(AddressSpec address) {
        if (address instanceof AddressSpec.Ip ip) {
            return ip.port() instanceof PortSpec.Fixed fixed && fixed.port() > 0;
        }
        if (address instanceof AddressSpec.Host host) {
            return host.port() instanceof PortSpec.Fixed fixed && fixed.port() > 0;
        }
        return true;
    }
}
