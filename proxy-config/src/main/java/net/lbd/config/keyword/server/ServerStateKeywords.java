package net.lbd.config.keyword.server;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import net.lbd.config.draft.ServerDraft;
import net.lbd.config.grammar.Addresses;
import net.lbd.config.grammar.ArgumentType;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.Durations;
import net.lbd.config.grammar.Parameter;
import net.lbd.config.model.AddressSpec;
import net.lbd.config.model.ServerSettings;
import net.lbd.config.model.Setting;

/**
 * Parameters of a server that say what else than its check decides its state, and what follows from a change. Source:
 * HAProxy manual, "Server options".
 */
final class ServerStateKeywords {

    static final List<Parameter<ServerDraft>> ROWS = List.of(
            Parameter.<ServerDraft>of("observe", "{ none | layer4 | layer7 }", """
                    Counts errors of the traffic: of its connections, or of its answers as well. Needs check.""",
                    (arguments, draft) -> draft.put(ServerSettings.OBSERVE, one(arguments, ServerSettings.Observe.class), arguments.last())),
            Parameter.<ServerDraft>of("error-limit", "<number>", "Errors in a row that observe bears. Default: 10.",
                    (arguments, draft) -> draft.put(ServerSettings.ERROR_LIMIT,
                            arguments.next("a number", ArgumentType.integer(1, Integer.MAX_VALUE)), arguments.last())),
            Parameter.<ServerDraft>of("on-error", "{ fastinter | fail-check | sudden-death | mark-down }", """
                    What observe does then: checks sooner, counts a failed check, leaves one more failure, or takes the
                    server down. Default: fail-check.""",
                    (arguments, draft) -> draft.put(ServerSettings.ON_ERROR, one(arguments, ServerSettings.OnError.class), arguments.last())),
            Parameter.<ServerDraft>of("on-marked-up", "shutdown-backup-sessions", "Cuts the sessions of backup servers when this one comes up.",
                    (arguments, draft) -> {
                        arguments.oneOf("an action", List.of("shutdown-backup-sessions"));
                        draft.put(ServerSettings.SHUTDOWN_BACKUP_SESSIONS_ON_UP, true, arguments.last());
                    }),
            Parameter.<ServerDraft>of("init-state", "{ fully-up | up | down | fully-down }", """
                    What a server that is checked is taken for before its first check, when it leaves maintenance and when its name is
                    resolved: up until all checks of 'fall' have failed, up until one has, down until one has passed, or until all of
                    'rise' have. Default: up.""",
                    (arguments, draft) -> draft.put(ServerSettings.INIT_STATE, one(arguments, ServerSettings.InitState.class), arguments.last())),
            Parameter.<ServerDraft>of("slowstart", "<time>", """
                    How long a server that comes up takes to get its full share; balancing algorithms whose weights are fixed
                    do not know it.""",
                    (arguments, draft) -> draft.put(ServerSettings.SLOWSTART, arguments.next("a time", Durations.MILLIS), arguments.last())),
            Parameter.<ServerDraft>of("track", "[<backend>/]<server>", "Has the state of another server, which is checked.",
                    (arguments, draft) -> draft.put(ServerSettings.TRACK, arguments.next("a server", ArgumentType.TEXT), arguments.last())),
            flag("agent-check", ServerSettings.AGENT_CHECK, true, """
                    Asks an agent on the server for its state; it answers with one line of words: up, down, fail, stopped,
                    drain, maint, ready, NN% for the weight, and maxconn:NN for the limit of streams."""),
            flag("no-agent-check", ServerSettings.AGENT_CHECK, false, "Takes agent-check back."),
            Parameter.<ServerDraft>of("agent-port", "<port>", "The agent's port; agent-check needs it.",
                    (arguments, draft) -> draft.put(ServerSettings.AGENT_PORT,
                            arguments.next("a port", ArgumentType.integer(1, 65535)), arguments.last())),
            Parameter.<ServerDraft>of("agent-addr", "<address>", "The agent's address. Default: the server's.",
                    (arguments, draft) -> {
                        AddressSpec address = arguments.next("an address", Addresses.one(Addresses.Use.TARGET));
                        draft.put(ServerSettings.AGENT_ADDR, address, arguments.last());
                    }),
            Parameter.<ServerDraft>of("agent-inter", "<time>", "The time between two questions to the agent. Default: 2s.",
                    (arguments, draft) -> {
                        Duration inter = arguments.next("a time", Durations.POSITIVE_MILLIS);
                        draft.put(ServerSettings.AGENT_INTER, inter, arguments.last());
                    }),
            Parameter.<ServerDraft>of("agent-send", "<text>", "What is sent to the agent. Default: nothing.",
                    (arguments, draft) -> draft.put(ServerSettings.AGENT_SEND, arguments.next("a text").text(), arguments.last())));

    private ServerStateKeywords() { }

    private static Parameter<ServerDraft> flag(String name, Setting<Boolean> setting, boolean value, String doc) {
        return Parameter.of(name, "", doc, (arguments, draft) -> draft.put(setting, value, arguments.last()));
    }

    /** A word that is the name of a constant, with dashes. */
    private static <E extends Enum<E>> E one(Arguments arguments, Class<E> type) {
        List<String> words = Arrays.stream(type.getEnumConstants()).map(e -> e.name().toLowerCase(Locale.ROOT).replace('_', '-')).toList();
        return type.getEnumConstants()[words.indexOf(arguments.oneOf("one of the words", words))];
    }
}
