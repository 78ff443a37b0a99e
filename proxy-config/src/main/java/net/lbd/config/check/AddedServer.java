package net.lbd.config.check;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import net.lbd.config.draft.CheckDraft;
import net.lbd.config.draft.Drafts;
import net.lbd.config.draft.GlobalDraft;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.draft.ServerDraft;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.SectionKind;
import net.lbd.config.grammar.StatementException;
import net.lbd.config.keyword.server.ServerLines;
import net.lbd.config.model.BackendSpec;
import net.lbd.config.model.CheckSpec;
import net.lbd.config.model.CheckStep;
import net.lbd.config.model.Configuration;
import net.lbd.config.model.GlobalSettings;
import net.lbd.config.model.InitAddress;
import net.lbd.config.model.ProxySettings;
import net.lbd.config.model.ServerSettings;
import net.lbd.config.model.ServerSpec;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Diagnostics;
import net.lbd.config.syntax.Severity;
import net.lbd.config.syntax.SourceLocation;
import net.lbd.config.syntax.Statement;
import net.lbd.config.syntax.Variables;
import net.lbd.config.syntax.Word;

/**
 * The words of {@code add server} as a server of a configuration that serves already: read and checked as a line of its
 * backend is, but without what {@code default-server} says. Immutable. Source: HAProxy manual, management guide, "add server"; the
 * sentences were read off HAProxy 2.6.
 *
 * @param server empty if there is an error
 * @param errors sentences; empty if there are none
 */
public record AddedServer(Optional<ServerSpec> server, List<String> errors) {

    /** Stands for a file in the places of servers that were added. */
    private static final String ORIGIN = "<add server>";

    /**
     * What only the start of a process, or a reload, can carry out. <em>Difference:</em> {@code cookie} is taken, as HAProxy does from
     * 2.8 on: without it nobody would come back to the server.
     */
    private static final Set<String> REFUSED = Set.of("resolvers", "resolve-opts", "resolve-prefer", "resolve-net", "init-addr", "redir", "namespace");

    public AddedServer {
        Objects.requireNonNull(server, "server");
        errors = List.copyOf(errors);
    }

    /** Whether a server of a configuration was added while that served. */
    public static boolean isAdded(ServerSpec server) {
        return server.location().file().equals(ORIGIN);
    }

    /**
     * Reads a line.
     *
     * @param name of the server
     * @param rest its address and parameters
     * @param workingDirectory where relative paths begin
     */
    public static AddedServer read(Configuration serving, BackendSpec backend, String name, List<String> rest, Path workingDirectory) {
        if (backend.server(name).isPresent()) {
            return refused("Already exists a server with the same name in backend.");
        }
        if (rest.isEmpty()) {
            return refused("'server' expects <name> and <addr>[:<port>] as arguments.");
        }
        Optional<String> hindrance = rest.stream().skip(1).filter(REFUSED::contains).findFirst();
        if (hindrance.isPresent()) {
            return refused("'" + hindrance.get() + "' option is not accepted for dynamic server");
        }
        Diagnostics diagnostics = new Diagnostics();
        List<Word> words = words(name, rest);
        ProxyDraft proxy = proxy(backend, words.get(0));
        Drafts drafts = drafts(serving, proxy);
        try {
            ServerLines.server(new Arguments(new Statement(words), 1, false, diagnostics, new Variables(Map.of())), proxy);
        } catch (StatementException e) {
            return refused(sentence(e.getMessage(), e.hint()));
        }
        ServerDraft added = proxy.servers().get(0);
        if (!added.settings().isSet(ServerSettings.DISABLED)) {
            added.put(ServerSettings.DISABLED, true, added.name());
        }
        // Nobody waits for a look-up: "set server ... addr" says where it is.
        added.put(ServerSettings.INIT_ADDR, new InitAddress(List.of(new InitAddress.None())), added.name());
        List<ServerSpec> specs = checker(drafts, workingDirectory, diagnostics).build(proxy);
        List<String> errors = diagnostics.sorted().stream().filter(d -> d.severity() == Severity.ERROR || d.code().equals(Code.NOT_YET.id()))
                .map(d -> sentence(d.message(), d.hint())).collect(Collectors.toCollection(ArrayList::new));
        tracking(serving, backend, added).ifPresent(errors::add);
        Optional<Integer> wanted = added.settings().isSet(ServerSettings.ID) ? Optional.of(added.settings().get(ServerSettings.ID)) : Optional.empty();
        wanted.flatMap(id -> backend.servers().stream().filter(s -> s.id() == id).findFirst()).ifPresent(other -> errors.add(
                "'id' : custom id " + other.id() + " already used at " + other.location().fileAndLine() + " ('server " + other.name() + "')."));
        if (!errors.isEmpty()) {
            return new AddedServer(Optional.empty(), errors);
        }
        ServerSpec spec = specs.get(0);
        return new AddedServer(Optional.of(new ServerSpec(spec.name(), wanted.orElseGet(() -> freeId(backend)), spec.location(), spec.address(),
                spec.settings())), List.of());
    }

    private static AddedServer refused(String sentence) {
        return new AddedServer(Optional.empty(), List.of(sentence));
    }

    private static String sentence(String message, Optional<String> hint) {
        return message + hint.map(h -> "; " + h.replace("\n", " ")).orElse("");
    }

    private static List<Word> words(String name, List<String> rest) {
        List<String> texts = new ArrayList<>(List.of("server", name));
        texts.addAll(rest);
        List<Word> words = new ArrayList<>();
        int column = 1;
        for (String text : texts) {
            words.add(new Word(text, new SourceLocation(ORIGIN, 1, column), text.length()));
            column += text.length() + 1;
        }
        return words;
    }

    /** What the checks of a server line look at in its backend. */
    private static ProxyDraft proxy(BackendSpec backend, Word at) {
        ProxyDraft proxy = new ProxyDraft(SectionKind.BACKEND, at, new Word(backend.name(), at.location(), 1));
        proxy.mode(backend.mode());
        CheckSpec check = backend.check();
        if (check.kind() == CheckSpec.Kind.HTTP || check.kind() == CheckSpec.Kind.TCP) {
            proxy.check().choose(check.kind(), at, check.options().words());
            for (CheckStep step : check.steps()) {
                (check.kind() == CheckSpec.Kind.HTTP ? proxy.check().http() : proxy.check().tcp()).add(new CheckDraft.Line(step, at));
            }
        }
        backend.settings().find(ProxySettings.SOURCE).ifPresent(source -> proxy.settings().put(ProxySettings.SOURCE, source, at.location()));
        return proxy;
    }

    private static Drafts drafts(Configuration serving, ProxyDraft proxy) {
        Drafts drafts = new Drafts();
        GlobalDraft global = drafts.global();
        global.settings().putAll(serving.global().settings());
        serving.global().settings().find(GlobalSettings.SSL_DEFAULT_SERVER).ifPresent(global.serverDefaults()::putAll);
        drafts.proxies().add(proxy);
        return drafts;
    }

    private static ServerChecker checker(Drafts drafts, Path workingDirectory, Diagnostics diagnostics) {
        NameChecker names = new NameChecker(drafts, diagnostics);
        return new ServerChecker(drafts.global(), new CertificateFinder(workingDirectory, diagnostics),
                new SampleChecker(Map.of(), Map.of(), names, new ModeSwitches(Map.of()), diagnostics), names, diagnostics);
    }

    private static Optional<String> tracking(Configuration serving, BackendSpec own, ServerDraft added) {
        if (!added.settings().isSet(ServerSettings.TRACK)) {
            return Optional.empty();
        }
        String track = added.settings().get(ServerSettings.TRACK);
        int slash = track.indexOf('/');
        Optional<BackendSpec> backend = slash < 0 ? Optional.of(own) : serving.backend(track.substring(0, slash));
        Optional<ServerSpec> server = backend.flatMap(b -> b.server(track.substring(slash + 1)));
        if (server.isEmpty()) {
            return Optional.of("unable to find required server '" + track + "' for tracking.");
        }
        String path = backend.orElseThrow().name() + "/" + server.get().name();
        if (isAdded(server.get())) {
            return Optional.of("unable to use " + path + " for tracking as it is a dynamic server.");
        }
        if (added.settings().get(ServerSettings.CHECK) || added.settings().get(ServerSettings.AGENT_CHECK)) {
            return Optional.of("'track' and 'check' or 'agent-check' cannot stand together: the state comes from one of them.");
        }
        boolean hasState = server.get().settings().get(ServerSettings.CHECK) || server.get().settings().get(ServerSettings.AGENT_CHECK)
                || server.get().settings().isSet(ServerSettings.TRACK);
        return hasState ? Optional.empty() : Optional.of("unable to use " + path + " for tracking as it does not have any check nor agent enabled.");
    }

    private static int freeId(BackendSpec backend) {
        Set<Integer> taken = backend.servers().stream().map(ServerSpec::id).collect(Collectors.toSet());
        int id = 1;
        while (taken.contains(id)) {
            id++;
        }
        return id;
    }
}
