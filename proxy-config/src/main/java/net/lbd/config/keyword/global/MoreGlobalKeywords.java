package net.lbd.config.keyword.global;

import static net.lbd.config.grammar.SectionKind.GLOBAL;

import java.util.List;
import java.util.Set;
import net.lbd.config.draft.GlobalDraft;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.ArgumentType;
import net.lbd.config.grammar.Directive;
import net.lbd.config.grammar.Support;
import net.lbd.config.keyword.bind.UnixSocketKeywords;
import net.lbd.config.model.GlobalSettings;
import net.lbd.config.model.Setting;
import net.lbd.config.shape.Shape;
import net.lbd.config.shape.ShapeScope;
import net.lbd.config.syntax.Word;

/** Words of {@code global} that change the environment, and those that this version does not carry out. */
public final class MoreGlobalKeywords {

    private static final Support ENGINE = Support.noEffect("it tunes HAProxy's engine, and this is another");
    private static final Support CASE_IS_KEPT = Support.noEffect(
            "header names keep the case in which they come, and those that are made here have the usual one");
    private static final ArgumentType<Integer> NATURAL = ArgumentType.integer(0, Integer.MAX_VALUE);
    private static final String ANY = "[ <value> … ]";

    public static final List<Directive<GlobalDraft>> ROWS = List.of(
            Directive.<GlobalDraft>of("setenv", Set.of(GLOBAL), "<name> <value>", "Sets an environment variable for the lines below.",
                    (arguments, draft) -> set(arguments, true)),
            Directive.<GlobalDraft>of("presetenv", Set.of(GLOBAL), "<name> <value>", "As setenv, unless the variable is set.",
                    (arguments, draft) -> set(arguments, false)),
            Directive.<GlobalDraft>of("unsetenv", Set.of(GLOBAL), "<name>…", "Forgets environment variables for the lines below.",
                    (arguments, draft) -> {
                        arguments.variables().unset(arguments.next("the name of a variable").text());
                        arguments.rest().forEach(w -> arguments.variables().unset(w.text()));
                    }),
            Directive.<GlobalDraft>of("resetenv", Set.of(GLOBAL), "[<name>…]", "Forgets all environment variables but these.",
                    (arguments, draft) -> arguments.variables().retain(
                            Set.copyOf(arguments.rest().stream().map(Word::text).toList()))),
            later("default-path", "{ current | config | parent | origin } …", "Where relative paths begin."),
            Directive.<GlobalDraft>of("external-check", Set.of(GLOBAL), "[preserve-env]", """
                    Allows option external-check, which needs insecure-fork-wanted, too. Its programs get the environment
                    that the manual names, and with preserve-env that of lbd as well.""",
                    (arguments, draft) -> {
                        boolean preserve = arguments.skip("preserve-env");
                        arguments.end();
                        draft.settings().put(GlobalSettings.EXTERNAL_CHECK, true, arguments.location());
                        draft.settings().put(GlobalSettings.EXTERNAL_CHECK_ENVIRONMENT, preserve, arguments.location());
                    }),
            Directive.<GlobalDraft>of("insecure-fork-wanted", Set.of(GLOBAL), "", "Allows programs to be started, for option external-check.",
                    (arguments, draft) -> {
                        arguments.end();
                        draft.settings().put(GlobalSettings.INSECURE_FORK_WANTED, true, arguments.location());
                    }),
            later("lua-load", "<file> …", "Loads a Lua program."), later("lua-load-per-thread", "<file> …", "Loads a Lua program for each thread."),
            later("lua-prepend-path", "<path> …", "Where Lua modules are."),
            text(GlobalSettings.SERVER_STATE_BASE, "<folder>", "Where files of server states with relative paths are looked for."),
            text(GlobalSettings.SERVER_STATE_FILE, "<file>", """
                    The states of servers that load-server-state-from-file global reads at the start: the answer of
                    'show servers state', written into a file before the stop."""),
            Directive.<GlobalDraft>of("unix-bind", Set.of(GLOBAL),
                    "[prefix <prefix>] [mode <mode>] [user <user>] [uid <uid>] [group <group>] [gid <gid>]", """
                    What the files of Unix sockets in bind lines are like, unless the line says otherwise; the prefix is
                    put in front of their paths.""", UnixSocketKeywords::defaults),
            Directive.<GlobalDraft>of("h1-case-adjust", Set.of(GLOBAL), "<from> <to>", "Changes the case of a header.", (arguments, draft) -> {
                String from = arguments.next("a header in lower case", ArgumentType.TEXT);
                Word to = arguments.nextText("the same header as it is to be written");
                if (!to.text().equalsIgnoreCase(from)) {
                    throw arguments.error(to, "'h1-case-adjust " + from + " " + to + "': the names may differ in their case only");
                }
                arguments.end();
            }).support(CASE_IS_KEPT),
            later("h1-case-adjust-file", "<file>", "Changes the case of headers.").support(CASE_IS_KEPT),
            GlobalKeywords.value(GlobalSettings.MAXCONNRATE, "<number>", NATURAL, """
                    New connections in a second of the whole process; more wait in the kernel's backlog. 0 or absent: no limit."""),
            GlobalKeywords.value(GlobalSettings.MAXSESSRATE, "<number>", NATURAL, """
                    New sessions in a second: connections that the tcp-request connection rules let in. More wait as with maxconnrate."""),
            later("noreuseport", "", "Does not share addresses between sockets."),
            GlobalKeywords.value(GlobalSettings.MAXSSLCONN, "<number>", NATURAL, """
                    Connections at a time on addresses with ssl; more wait in the kernel's backlog. 0 or absent: no limit. Difference:
                    connections to servers do not count."""),
            GlobalKeywords.value(GlobalSettings.MAXSSLRATE, "<number>", NATURAL, """
                    New sessions in a second on addresses with ssl, counted before the handshake. More wait as with maxconnrate."""),
            later("httpclient.resolvers.disabled", "{ on | off }", "Resolution of the HTTP client."), later("httpclient.resolvers.id", "<section>", "Resolution of the HTTP client."),
            later("httpclient.resolvers.prefer", "{ ipv4 | ipv6 }", "Resolution of the HTTP client."), later("httpclient.ssl.ca-file", "<file>", "Authorities of the HTTP client."),
            later("httpclient.ssl.verify", "[ { none | required } ]", "Verification of the HTTP client."),
            engine("strict-limits", ""), engine("set-dumpable", ""), engine("expose-experimental-directives", ""), engine("busy-polling", ""),
            engine("cluster-secret", "<secret>"), engine("close-spread-time", "<time:time>"),
            engine("h1-accept-payload-with-any-method", ""),
            engine("insecure-setuid-wanted", ""),
            engine("maxcompcpuusage", "<percent:percent>"), engine("maxcomprate", "<kilobytes:uint>"), engine("maxzlibmem", "<megabytes:uint>"), engine("mworker-max-reloads", "<number:uint>"), engine("no-memory-trimming", ""),
            engine("noevports", ""), engine("nogetaddrinfo", ""), engine("nokqueue", ""), engine("nopoll", ""), engine("numa-cpu-mapping", ""),
            engine("pp2-never-send-local", ""), engine("profiling.tasks", "{ on | off | auto }"), engine("ssl-engine"), engine("ssl-mode-async", ""), engine("ssl-propquery", "<query>"),
            engine("ssl-provider", "<name>"), engine("ssl-provider-path", "<folder>"), engine("thread-group", "<group:positive> …"), engine("thread-groups", "<number:positive>"),
            engine("51degrees-cache-size"), engine("51degrees-data-file"), engine("51degrees-property-name-list"),
            engine("51degrees-property-separator"), engine("deviceatlas-json-file"), engine("deviceatlas-log-level"),
            engine("deviceatlas-properties-cookie"), engine("deviceatlas-separator"), engine("wurfl-patch-file"),
            engine("tune.quic.frontend.conn-tx-buffers.limit"), engine("tune.quic.frontend.max-idle-timeout"),
            engine("tune.quic.frontend.max-streams-bidi"), engine("tune.quic.retry-threshold"),
            engine("ocsp-update.maxdelay"), engine("ocsp-update.mindelay"), engine("wurfl-data-file"),
            engine("wurfl-information-list"), engine("wurfl-information-list-separator"), engine("wurfl-cache-size"), engine("stats bind-process"),
            engine("tune.buffers.limit", "<number:uint>"), engine("tune.buffers.reserve", "<number:uint>"), engine("tune.comp.maxlevel", "<level:level>"), engine("tune.fail-alloc", "<percent:percent>"),
            engine("tune.fd.edge-triggered", "<state:on_off>"), engine("tune.idle-pool.shared", "<state:on_off>"), engine("tune.idletimer", "<time:time>"),
            engine("tune.listener.multi-queue", "{ on | fair | off }"), engine("tune.lua.forced-yield", "<number:uint>"), engine("tune.lua.maxmem", "<megabytes:uint>"), engine("tune.lua.service-timeout", "<time:time>"),
            engine("tune.lua.session-timeout", "<time:time>"), engine("tune.lua.task-timeout", "<time:time>"), engine("tune.memory.hot-size", "<bytes:size>"), engine("tune.pattern.cache-size", "<number:uint>"),
            engine("tune.peers.max-updates-at-once", "<number:positive>"), engine("tune.pipesize", "<bytes:size>"), engine("tune.pool-high-fd-ratio", "<percent:percent>"), engine("tune.pool-low-fd-ratio", "<percent:percent>"),
            engine("tune.recv_enough", "<bytes:size>"), engine("tune.sched.low-latency", "<state:on_off>"),
            engine("tune.vars.check-max-size", "<bytes:size>"), engine("tune.vars.global-max-size", "<bytes:size>"),
            engine("tune.vars.proc-max-size", "<bytes:size>"), engine("tune.vars.reqres-max-size", "<bytes:size>"), engine("tune.vars.sess-max-size", "<bytes:size>"), engine("tune.vars.txn-max-size", "<bytes:size>"),
            engine("tune.zlib.memlevel"), engine("tune.zlib.windowsize"));

    private MoreGlobalKeywords() { }

    private static void set(Arguments arguments, boolean always) {
        String name = arguments.next("a name", ArgumentType.TEXT);
        String value = arguments.next("a value").text();
        arguments.end();
        if (always || arguments.variables().get(name).isEmpty()) {
            arguments.variables().set(name, value);
        }
    }

    private static Directive<GlobalDraft> text(Setting<String> setting, String syntax, String doc) {
        return Directive.<GlobalDraft>of(setting.name(), Set.of(GLOBAL), syntax, doc, (arguments, draft) -> {
            String value = arguments.next(syntax, ArgumentType.TEXT);
            arguments.end();
            draft.settings().put(setting, value, arguments.location());
        });
    }

    private static Directive<GlobalDraft> later(String name, String notation, String doc) {
        Shape shape = Shape.of(notation);
        return Directive.<GlobalDraft>of(name, Set.of(GLOBAL), notation, doc,
                (arguments, draft) -> shape.read(arguments, ShapeScope.NONE)).notYet();
    }

    private static Directive<GlobalDraft> engine(String name) {
        return engine(name, ANY);
    }

    private static Directive<GlobalDraft> engine(String name, String notation) {
        return later(name, notation, "A switch of HAProxy's engine.").support(ENGINE).canBeNegated();
    }
}
