package net.lbd.config.keyword.global;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.lbd.config.draft.GlobalDraft;
import net.lbd.config.grammar.Addresses;
import net.lbd.config.grammar.ArgumentType;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.Directive;
import net.lbd.config.grammar.Durations;
import net.lbd.config.grammar.SectionKind;
import net.lbd.config.grammar.StatementException;
import net.lbd.config.grammar.Support;
import net.lbd.config.grammar.ValueException;
import net.lbd.config.keyword.log.LogTargets;
import net.lbd.config.model.AddressSpec;
import net.lbd.config.model.ControlSockets;
import net.lbd.config.model.GlobalSettings;
import net.lbd.config.model.Setting;
import net.lbd.config.model.Verify;
import net.lbd.config.shape.Shape;
import net.lbd.config.shape.ShapeScope;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Word;

/** The process: identity, limits, logs, control sockets. Source: HAProxy manual, "Global parameters". */
public final class GlobalKeywords {

    private static final Set<SectionKind> HERE = Set.of(SectionKind.GLOBAL);

    public static final List<Directive<GlobalDraft>> ROWS = List.of(
            value(GlobalSettings.NBTHREAD, "<number>", ArgumentType.integer(1, 4096), "Event loops. Default: one for each processor."),
            value(GlobalSettings.MAXCONN, "<number>", ArgumentType.integer(0, Integer.MAX_VALUE), """
                    Client connections of the whole process; more wait in the kernel's backlog. 0 or absent: half as many as there are descriptors, less
                    those for listeners, checks and files, as each client may have a server. One for which there are too few is
                    told in the log and kept."""),
            value(GlobalSettings.FD_HARD_LIMIT, "<number>", ArgumentType.integer(0, Integer.MAX_VALUE), """
                    Descriptors that are used at most, where the system allows more: maxconn is made out of it. 0 or absent: as
                    many as the system allows."""),
            value(GlobalSettings.WARN_BLOCKED_TRAFFIC, "<time>", Durations.MILLIS, """
                    After what time an event loop that does not come to its next turn is told in the log, with what it is doing; again each time
                    this has doubled. 0: never. Default: 2s. Difference: 100ms in HAProxy 3.1, whose loops never wait for a collection of garbage."""),
            value(GlobalSettings.WATCHDOG_EXIT, "<time>", Durations.MILLIS, """
                    After what time an event loop that does not come to its next turn ends the process, with code 70, for the service manager to
                    start it anew. Time in which the whole process was stopped does not count. 0: never. An extension of lbd. Default: 30s."""),
            value(GlobalSettings.MEMORY_PAUSE, "<percent>", ArgumentType.integer(0, 99), """
                    How full heap or direct memory may be, in percent, before no more clients are accepted; they are again when 5 percent less are
                    in use. Of the heap the old generation counts, after a collection. 0: never. An extension of lbd. Default: 85."""),
            value(GlobalSettings.CRT_BASE, "<folder>", ArgumentType.TEXT, "Where certificates with relative paths are looked up."),
            value(GlobalSettings.CA_BASE, "<folder>", ArgumentType.TEXT, "Where authorities with relative paths are looked up."),
            value(GlobalSettings.HARD_STOP_AFTER, "<time>", Durations.MILLIS, """
                    How long a soft stop waits for sessions, and how long what follows the configuration may go on behind a reload that replaces it."""),
            value(GlobalSettings.GRACE, "<time>", Durations.MILLIS, """
                    How long listeners stay open behind the order of a soft stop, while 'stopping' is true already: time for a checker outside to
                    see it and to send its clients elsewhere."""),
            value(GlobalSettings.LOG_TAG, "<name>", ArgumentType.TEXT, "The program name in log lines. Default: lbd."),
            value(GlobalSettings.LOCALPEER, "<name>", ArgumentType.NAME, "The name of this process among its peers."),
            value(GlobalSettings.STICK_COUNTERS, "<number>", ArgumentType.integer(0, 100), """
                    How many counters a connection or stream may track with. Default: 3."""),
            value(GlobalSettings.NODE, "<name>", ArgumentType.NAME, "The name of this machine on the statistics page."),
            Directive.<GlobalDraft>of("description", HERE, "<text>", "A text for people.", (arguments, draft) -> {
                Word first = arguments.nextText("a text");
                StringBuilder text = new StringBuilder(first.text());
                arguments.rest().forEach(w -> text.append(' ').append(w));
                draft.settings().put(GlobalSettings.DESCRIPTION, text.toString(), first.location());
            }),
            Directive.<GlobalDraft>of("log-send-hostname", HERE, "[<name>]", """
                    Puts a host name into RFC 3164 lines: this one, or the machine's own.""", (arguments, draft) -> {
                String name = arguments.hasNext() ? arguments.next("a name").text() : "";
                arguments.end();
                draft.settings().put(GlobalSettings.LOG_SEND_HOSTNAME, name, arguments.location());
            }),
            Directive.<GlobalDraft>of("log", HERE, "<target> [len <bytes>] [format <format>] <facility> [<level> [<minlevel>]]", """
                    Adds a log target that 'log global' in a proxy stands for: ADDRESS or a path for datagrams, tcp@ADDRESS or uxst@PATH
                    for a connection whose lines end with a line feed, stdout, stderr, file@PATH.""",
                    (arguments, draft) -> {
                        if (arguments.negated()) {
                            arguments.end();
                            draft.logTargets().clear();
                        } else {
                            draft.logTargets().add(LogTargets.read(arguments));
                        }
                    }).canBeNegated(),
            Directive.<GlobalDraft>of("ssl-server-verify", HERE, "{ none | required }", """
                    Whether servers' certificates are checked where the server line does not say. Default: required.""",
                    (arguments, draft) -> {
                        String word = arguments.oneOf("none or required", List.of("none", "required"));
                        arguments.end();
                        draft.settings().put(GlobalSettings.SSL_SERVER_VERIFY,
                                word.equals("none") ? Verify.NONE : Verify.REQUIRED, arguments.location());
                    }),
            Directive.<GlobalDraft>of("stats socket", HERE, "{ <path> | <address>:<port> } [level <level>] [mode <bits>] [user <user>] [group <group>] …", """
                    A socket for commands. The owner of a Unix socket can be changed by who may do that: root, and for the group a member.""", GlobalKeywords::statsSocket),
            value(GlobalSettings.STATS_TIMEOUT, "<time>", Durations.POSITIVE_MILLIS, """
                    How long a client of a command socket may take to send its line, and to take each piece of the
                    answer. Default: 10s."""),
            value(GlobalSettings.STATS_MAXCONN, "<number>", ArgumentType.integer(1, 1 << 16), """
                    Clients of a command socket at a time; more wait. Default: 10. Difference: each socket counts
                    for itself."""),
            ignored("daemon", "", null, "Goes to the background.",
                    Support.noEffect("lbd stays in the foreground; the service manager keeps it")),
            ignored("quiet", "", null, "Says little at start.", Support.noEffect("lbd says little anyway")),
            shaped("master-worker", "[ no-exit-on-failure ]", "A master process that watches workers.",
                    Support.noEffect("one process reloads in place")),
            value(GlobalSettings.PIDFILE, "<path>", ArgumentType.TEXT, """
                    Where the process writes its number once it is ready; the file is removed at the end. The flag -p
                    goes before it, and a reload does not move it."""),
            Directive.<GlobalDraft>of("zero-warning", HERE, "", """
                    Takes warnings for errors, as the flag -dW.""",
                    (arguments, draft) -> {
                        arguments.end();
                        draft.settings().put(GlobalSettings.ZERO_WARNING, !arguments.negated(), arguments.location());
                    }).canBeNegated(),
            Directive.<GlobalDraft>of("transparent-routing", HERE, "{ on | off }", """
                    Sets up the way back of connections with foreign addresses ('source … usesrc'): a table 'lbd_transparent' of nftables, and a
                    rule and a route of the routing table 19522; all is gone when lbd stops. Wants CAP_NET_ADMIN and the programs nft and ip. With
                    off it must be there already ('lbctl preflight --apply' makes it). An extension of lbd. Default: off.""",
                    (arguments, draft) -> {
                        boolean on = arguments.oneOf("on or off", List.of("on", "off")).equals("on");
                        arguments.end();
                        draft.settings().put(GlobalSettings.TRANSPARENT_ROUTING, on, arguments.location());
                    }),
            ignored("user", "<name>", ArgumentType.TEXT, "The user to run as.",
                    Support.noEffect("the service manager starts lbd as the right user")),
            ignored("group", "<name>", ArgumentType.TEXT, "The group to run as.",
                    Support.noEffect("the service manager starts lbd as the right group")),
            ignored("uid", "<number>", ArgumentType.integer(0, Integer.MAX_VALUE), "The user to run as.",
                    Support.noEffect("the service manager starts lbd as the right user")),
            ignored("gid", "<number>", ArgumentType.integer(0, Integer.MAX_VALUE), "The group to run as.",
                    Support.noEffect("the service manager starts lbd as the right group")),
            ignored("chroot", "<folder>", ArgumentType.TEXT, "The folder to shut the process into.",
                    Support.noEffect("a JVM cannot; use the service manager's sandbox")),
            value(GlobalSettings.ULIMIT_N, "<number>", ArgumentType.integer(0, Integer.MAX_VALUE), """
                    Files that the process must be allowed to open. Difference: the service manager sets the limit;
                    a warning tells if it is lower."""),
            ignored("maxpipes", "<number>", ArgumentType.integer(0, Integer.MAX_VALUE), "Pipes for splicing.",
                    Support.noEffect("splicing is not used")),
            ignored("nosplice", "", null, "Turns splicing off.", Support.noEffect("splicing is not used")),
            ignored("noepoll", "", null, "Does without epoll.", Support.noEffect("the best event loop of the system is chosen")),
            value(GlobalSettings.SPREAD_CHECKS, "<percent>", ArgumentType.integer(0, 50), """
                    How much each interval between two checks varies at random, longer or shorter. Default: 0."""),
            value(GlobalSettings.MAX_SPREAD_CHECKS, "<time>", Durations.POSITIVE_MILLIS, """
                    The first checks start within this time, however long the intervals are."""),
            shaped("cpu-map", "<threads:cpu_set> <processors:cpu_set> …", "Binds threads to processors.",
                    Support.noEffect("the kernel places the event loops")),
Directive.<GlobalDraft>of("nbproc", HERE, "<number>", "Removed in HAProxy 2.5; write 'nbthread'.",
                    (arguments, draft) -> {
                        throw new StatementException(Code.REMOVED, arguments.keyword(),
                                "'nbproc' was removed in HAProxy 2.5; write 'nbthread', or nothing: one event loop runs for each processor");
                    }));

    private GlobalKeywords() { }

    static <T> Directive<GlobalDraft> value(Setting<T> setting, String syntax, ArgumentType<T> type, String doc) {
        return Directive.of(setting.name(), HERE, syntax, doc, (arguments, draft) -> {
            T value = arguments.next(syntax, type);
            arguments.end();
            draft.settings().put(setting, value, arguments.location());
        });
    }

    /** A word that is read and has no part in the model. */
    static Directive<GlobalDraft> ignored(String name, String syntax, ArgumentType<?> type, String doc, Support support) {
        return Directive.<GlobalDraft>of(name, HERE, syntax, doc, (arguments, draft) -> {
            if (type != null && (arguments.hasNext() || !syntax.startsWith("["))) {
                arguments.next(syntax, type);
            }
            if (syntax.endsWith("…")) {
                arguments.rest();
            }
            arguments.end();
        }).support(support);
    }

    /** As {@link #ignored}, with arguments in the notation of a {@link Shape}. */
    private static Directive<GlobalDraft> shaped(String name, String notation, String doc, Support support) {
        Shape shape = Shape.of(notation);
        return Directive.<GlobalDraft>of(name, HERE, notation, doc,
                (arguments, draft) -> shape.read(arguments, ShapeScope.NONE)).support(support);
    }

    private static void statsSocket(Arguments arguments, GlobalDraft draft) {
        Word word = arguments.next("a path or address");
        AddressSpec address;
        try {
            address = Addresses.one(Addresses.Use.BIND).read(word.text());
        } catch (ValueException e) {
            throw arguments.error(word, "'stats socket " + word + "': " + e.getMessage());
        }
        if (address instanceof AddressSpec.Unix unix && unix.abstractName()) {
            arguments.diagnostics().notice(Code.NOT_YET, word, "an abstract name as in 'stats socket " + word
                    + "' is not supported yet by this version; the daemon refuses to start with it");
        }
        if (address instanceof AddressSpec.Host) {
            arguments.diagnostics().notice(Code.NOT_YET, word, "a name as in 'stats socket " + word
                    + "' is not supported yet by this version; the daemon refuses to start with it");
        }
        Addresses.noteUnserved(arguments, word, address);
        ControlSockets.Level level = ControlSockets.Level.OPERATOR;
        Optional<Integer> mode = Optional.empty();
        Optional<String> user = Optional.empty();
        Optional<String> group = Optional.empty();
        while (arguments.hasNext()) {
            Word parameter = arguments.next("a parameter");
            switch (parameter.text()) {
                case "level" -> level = arguments.next("a level", ArgumentType.oneOf(ControlSockets.Level.class));
                case "mode" -> mode = Optional.of(arguments.next("permission bits", GlobalKeywords::octal));
                case "user", "uid" -> user = Optional.of(arguments.next("a user").text());
                case "group", "gid" -> group = Optional.of(arguments.next("a group").text());
                case "process", "thread", "name", "severity-output", "namespace" -> {
                    Word value = arguments.next("a value");
                    if (parameter.text().equals("namespace") && !(address instanceof AddressSpec.Unix)) {
                        // In the daemon's namespace other people may reach it than were meant.
                        arguments.diagnostics().error(Code.REFUSED, parameter, "'stats socket " + word + " … namespace' is refused: the port would be"
                                + " opened in the network namespace of the daemon", "write the path of a Unix socket, which is reached from every namespace");
                        continue;
                    }
                    arguments.warn(Code.NO_EFFECT, parameter, "'stats socket … " + parameter + " " + value
                            + "' has no effect: it has the threads, the name and the network of the process, and answers without severities");
                }
                case "expose-fd" -> {
                    arguments.oneOf("listeners", List.of("listeners"));
                    arguments.warn(Code.NO_EFFECT, parameter,
                            "'stats socket … expose-fd' has no effect: lbd reloads in place");
                }
                default -> throw arguments.unknown(parameter, "parameter", List.of("level", "mode", "user", "group", "uid",
                        "gid", "process", "thread", "name", "severity-output", "namespace", "expose-fd"));
            }
        }
        draft.sockets().add(new ControlSockets.Socket(word.location(), address, level, mode, user, group));
    }

    private static int octal(String text) throws ValueException {
        boolean digits = !text.isEmpty() && text.length() <= 5 && text.chars().allMatch(c -> c >= '0' && c <= '7');
        if (!digits) {
            throw new ValueException("'" + text + "' is not permission bits in octal, such as 660");
        }
        return Integer.parseInt(text, 8);
    }
}
