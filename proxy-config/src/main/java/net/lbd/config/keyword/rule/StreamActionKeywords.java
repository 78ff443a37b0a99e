package net.lbd.config.keyword.rule;

import static net.lbd.config.model.RuleSet.HTTP_AFTER_RESPONSE;
import static net.lbd.config.model.RuleSet.HTTP_REQUEST;
import static net.lbd.config.model.RuleSet.HTTP_RESPONSE;
import static net.lbd.config.model.RuleSet.TCP_REQUEST_CONNECTION;
import static net.lbd.config.model.RuleSet.TCP_REQUEST_CONTENT;
import static net.lbd.config.model.RuleSet.TCP_REQUEST_SESSION;
import static net.lbd.config.model.RuleSet.TCP_RESPONSE_CONTENT;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import net.lbd.config.grammar.ArgumentType;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.Durations;
import net.lbd.config.grammar.Numbers;
import net.lbd.config.grammar.SectionKind;
import net.lbd.config.grammar.StatementException;
import net.lbd.config.grammar.ValueException;
import net.lbd.config.model.ActionSpec;
import net.lbd.config.model.CaptureSpec;
import net.lbd.config.model.LogTargetSpec;
import net.lbd.config.model.RuleSet;
import net.lbd.config.model.SampleSpec;
import net.lbd.config.syntax.Code;

/** The actions on the stream and its connection rather than on a message. Source: HAProxy manual, "Actions keywords". */
public final class StreamActionKeywords {

    /** {@code set-log-level LEVEL}; empty for {@code silent}: the stream leaves no line. */
    public record SetLogLevel(Optional<LogTargetSpec.Level> level) implements ActionSpec {
        public SetLogLevel {
            Objects.requireNonNull(level, "level");
        }
    }

    /** {@code set-src}, {@code set-dst} and the same of ports. */
    public record SetAddress(Which which, SampleSpec value) implements ActionSpec {
        public SetAddress {
            Objects.requireNonNull(which, "which");
            Objects.requireNonNull(value, "value");
        }
    }

    /** What {@link SetAddress} changes. */
    public enum Which { SRC, SRC_PORT, DST, DST_PORT }

    /** {@code set-timeout server|tunnel}: for the stream at hand. */
    public record SetTimeout(boolean tunnel, Optional<Duration> time, Optional<SampleSpec> millis) implements ActionSpec {
        public SetTimeout {
            Objects.requireNonNull(time, "time");
            Objects.requireNonNull(millis, "millis");
        }
    }

    /** {@code set-tos}: the type of service of packets to the client, the two bits of ECN included. */
    public record SetTos(int tos) implements ActionSpec { }

    /** {@code set-mark}: the netfilter mark of packets to the client. */
    public record SetMark(int mark) implements ActionSpec { }

    /** {@code set-nice}, {@code strict-mode}, {@code wait-for-handshake}: nothing is to be done. */
    public record Nothing() implements ActionSpec { }

    /** {@code disable-l7-retry}: the request is not sent again, whatever {@code retry-on} says. */
    public record DisableRetry() implements ActionSpec { }

    /** {@code set-priority-class} and {@code set-priority-offset}: the stream's place in queues. */
    public record SetPriority(boolean offset, SampleSpec value) implements ActionSpec {
        public SetPriority {
            Objects.requireNonNull(value, "value");
        }
    }

    /**
     * {@code capture SAMPLE}: keeps a sample in a slot of the frontend, for the log.
     *
     * @param slot from 0, among those of the direction
     */
    public record Capture(SampleSpec value, CaptureSpec.Direction direction, int slot) implements ActionSpec {
        public Capture {
            Objects.requireNonNull(value, "value");
            Objects.requireNonNull(direction, "direction");
        }
    }

    private static final Set<RuleSet> HTTP = Set.of(HTTP_REQUEST, HTTP_RESPONSE, HTTP_AFTER_RESPONSE);
    private static final Set<RuleSet> BOTH = Set.of(HTTP_REQUEST, HTTP_RESPONSE);
    private static final Set<RuleSet> REQUEST = Set.of(HTTP_REQUEST);
    private static final Set<RuleSet> TCP =
            Set.of(TCP_REQUEST_CONNECTION, TCP_REQUEST_SESSION, TCP_REQUEST_CONTENT, TCP_RESPONSE_CONTENT);
    private static final Set<RuleSet> TCP_REQUEST = Set.of(TCP_REQUEST_CONNECTION, TCP_REQUEST_SESSION, TCP_REQUEST_CONTENT);
    private static final Set<RuleSet> TCP_CONTENT = Set.of(TCP_REQUEST_CONTENT, TCP_RESPONSE_CONTENT);

    static final List<ActionKeyword> HTTP_ROWS = List.of(
            priority("set-priority-class", false, Set.of(HTTP_REQUEST)), priority("set-priority-offset", true, Set.of(HTTP_REQUEST)),
            logLevel(HTTP), capture(HTTP), tos("set-tos", BOTH), tos("set-fc-tos", BOTH), mark("set-mark", BOTH), mark("set-fc-mark", BOTH),
            address("set-src", Which.SRC, REQUEST), address("set-src-port", Which.SRC_PORT, REQUEST),
            address("set-dst", Which.DST, REQUEST), address("set-dst-port", Which.DST_PORT, REQUEST),
            ActionKeyword.of("set-timeout", REQUEST, "{ server | tunnel } { <time> | <expression> }", """
                    Changes a timeout for this stream; an expression counts milliseconds. In backends only.""",
                    StreamActionKeywords::setTimeout),
            nice(BOTH),
            ActionKeyword.of("strict-mode", HTTP, "{ on | off }", """
                    Accepted; nothing here fails in a way that 'off' would pardon: what a header has no room for is made room for.""",
                    context -> {
                        context.arguments().oneOf("a mode", List.of("on", "off"));
                        return new Nothing();
                    }),
            ActionKeyword.of("disable-l7-retry", REQUEST, "", """
                    The request is not sent again after what 'retry-on' names; connections that fail still are tried again.""",
                    context -> new DisableRetry()),
            ActionKeyword.of("wait-for-handshake", REQUEST, "", """
                    Accepted; no request is taken before the end of the handshake here.""", context -> new Nothing()));

    static final List<ActionKeyword> TCP_ROWS = List.of(
            priority("set-priority-class", false, Set.of(TCP_REQUEST_CONTENT)),
            priority("set-priority-offset", true, Set.of(TCP_REQUEST_CONTENT)),
            logLevel(TCP_CONTENT), capture(Set.of(TCP_REQUEST_CONTENT)), tos("set-tos", TCP), tos("set-fc-tos", TCP), mark("set-mark", TCP),
            mark("set-fc-mark", TCP),
            address("set-src", Which.SRC, TCP_REQUEST), address("set-src-port", Which.SRC_PORT, TCP_REQUEST),
            address("set-dst", Which.DST, TCP_REQUEST), address("set-dst-port", Which.DST_PORT, TCP_REQUEST),
            nice(TCP_CONTENT));

    private StreamActionKeywords() { }

    private static ActionKeyword priority(String name, boolean offset, Set<RuleSet> sets) {
        return ActionKeyword.of(name, sets, "<expression>", offset
                ? "Milliseconds, -524287 to 524287, that are added to the moment at which the stream comes to a queue."
                : "The class of the stream in queues, -2047 to 2047: lower ones are served first.",
                context -> new SetPriority(offset, context.sample("an expression")));
    }

    private static ActionKeyword logLevel(Set<RuleSet> sets) {
        return ActionKeyword.of("set-log-level", sets, "{ emerg | alert | crit | err | warning | notice | info | debug | silent }", """
                The level of this stream's line; 'silent' leaves none.""", context -> {
                    List<String> levels = List.of("emerg", "alert", "crit", "err", "warning", "notice", "info", "debug", "silent");
                    int level = levels.indexOf(context.arguments().oneOf("a level", levels));
                    return new SetLogLevel(level == 8 ? Optional.empty() : Optional.of(LogTargetSpec.Level.values()[level]));
                });
    }

    private static ActionKeyword address(String name, Which which, Set<RuleSet> sets) {
        boolean port = which == Which.SRC_PORT || which == Which.DST_PORT;
        String what = which == Which.SRC || which == Which.SRC_PORT ? "the client's" : "the asked for";
        return ActionKeyword.of(name, sets, "<expression>", "Changes " + what + (port ? " port" : " address")
                + ", for this stream in http-request and content rules, else for the connection.",
                context -> new SetAddress(which, context.sample(port ? "an expression for a port" : "an expression for an address")));
    }

    private static final ArgumentType<Integer> BITS = text -> (int) (text.startsWith("0x")
            ? hex(text) : Numbers.read(text, 0, 0xffff_ffffL));

    private static long hex(String text) throws ValueException {
        try {
            return Long.parseLong(text.substring(2), 16) & 0xffff_ffffL;
        } catch (NumberFormatException e) {
            throw new ValueException("'" + text + "' is not a number");
        }
    }

    private static ActionKeyword tos(String name, Set<RuleSet> sets) {
        return ActionKeyword.of(name, sets, "<tos>", """
                The type of service of packets to the client: 0 to 255, decimal or 0x and hexadecimal.""", context -> {
                    int tos = context.arguments().next("a number", BITS);
                    if (tos < 0 || tos > 255) {
                        throw context.arguments().error(context.arguments().last(), "'" + context.arguments().last()
                                + "' is no type of service; it is between 0 and 255");
                    }
                    return new SetTos(tos);
                });
    }

    private static ActionKeyword mark(String name, Set<RuleSet> sets) {
        return ActionKeyword.of(name, sets, "<mark>", """
                The netfilter mark of packets to the client; wants the right to set it (CAP_NET_ADMIN) and epoll; without
                them it has no effect, which the log tells once.""", context -> new SetMark(context.arguments().next("a number", BITS)));
    }

    private static ActionKeyword nice(Set<RuleSet> sets) {
        return ActionKeyword.of("set-nice", sets, "<priority>", """
                Accepted; streams have no priorities among each other here.""", context -> {
                    context.arguments().next("a priority", ArgumentType.number(-1024, 1024));
                    return new Nothing();
                });
    }

    private static ActionSpec setTimeout(ActionContext context) {
        Arguments arguments = context.arguments();
        if (!context.draft().kind().hasBackend() && context.draft().kind() != SectionKind.DEFAULTS) {
            throw new StatementException(Code.NOT_HERE, context.action(),
                    "'set-timeout' may not stand in a frontend section: the timeouts that it changes are those of backends");
        }
        boolean tunnel = arguments.oneOf("a timeout", List.of("server", "tunnel")).equals("tunnel");
        String text = arguments.peek().map(Object::toString).orElse("");
        if (!text.isEmpty() && Character.isDigit(text.charAt(0))) {
            return new SetTimeout(tunnel, Optional.of(arguments.next("a time", Durations.MILLIS)), Optional.empty());
        }
        return new SetTimeout(tunnel, Optional.empty(), Optional.of(context.sample("a time or an expression")));
    }

    private static ActionKeyword capture(Set<RuleSet> sets) {
        return ActionKeyword.of("capture", sets, "<expression> { len <length> | id <slot> }", """
                Keeps a sample for the log: in a slot of its own, or in one of 'declare capture', of which there must be one for
                responses and in backends.""", context -> {
                    Arguments arguments = context.arguments();
                    SampleSpec value = context.sample("a sample expression");
                    boolean response = context.set() != RuleSet.HTTP_REQUEST && context.set() != RuleSet.TCP_REQUEST_CONTENT;
                    CaptureSpec.Direction direction = response ? CaptureSpec.Direction.RESPONSE : CaptureSpec.Direction.REQUEST;
                    String kind = arguments.oneOf("len or id", List.of("len", "id"));
                    if (kind.equals("id")) {
                        int slot = arguments.next("a slot", ArgumentType.integer(0, 255));
                        context.draft().captureUses().add(new net.lbd.config.draft.CaptureUse(arguments.last(), direction, slot));
                        return new Capture(value, direction, slot);
                    }
                    if (response || !context.draft().kind().hasFrontend()) {
                        throw new StatementException(Code.NOT_HERE, context.action(), "'capture … len' makes a slot in a frontend's"
                                + " request rules only; declare one there with 'declare capture' and name it with 'id'");
                    }
                    int length = arguments.next("a length", ArgumentType.integer(1, 65535));
                    int slot = (int) context.draft().captures().stream()
                            .filter(c -> c.direction() == CaptureSpec.Direction.REQUEST).count();
                    context.draft().captures().add(new CaptureSpec(arguments.location(), direction, "", length));
                    return new Capture(value, direction, slot);
                });
    }
}
