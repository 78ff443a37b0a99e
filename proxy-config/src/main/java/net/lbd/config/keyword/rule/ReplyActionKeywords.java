package net.lbd.config.keyword.rule;

import static net.lbd.config.model.RuleSet.HTTP_REQUEST;
import static net.lbd.config.model.RuleSet.HTTP_RESPONSE;
import static net.lbd.config.model.RuleSet.TCP_REQUEST_CONNECTION;
import static net.lbd.config.model.RuleSet.TCP_REQUEST_CONTENT;
import static net.lbd.config.model.RuleSet.TCP_REQUEST_SESSION;
import static net.lbd.config.model.RuleSet.TCP_RESPONSE_CONTENT;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import net.lbd.config.grammar.ArgumentType;
import net.lbd.config.keyword.reply.ReplyReader;
import net.lbd.config.model.ActionSpec;
import net.lbd.config.model.ReplySpec;
import net.lbd.config.model.RuleSet;

/**
 * The actions that answer a client here, or end its connection without an answer. Source: HAProxy manual,
 * "http-request return", "deny", "tarpit", "reject", "silent-drop".
 */
public final class ReplyActionKeywords {

    /** An action that answers with a {@link ReplySpec}. */
    public interface Answers extends ActionSpec {
        ReplySpec reply();
    }

    /** {@code deny}: answers with an error; 403 for a request, 502 for a response. */
    public record Deny(ReplySpec reply) implements Answers {
        public Deny {
            Objects.requireNonNull(reply, "reply");
        }
    }

    /** {@code return}: answers without a server. */
    public record Return(ReplySpec reply) implements Answers {
        public Return {
            Objects.requireNonNull(reply, "reply");
        }
    }

    /** {@code tarpit}: lets the client wait for {@code timeout tarpit} and then denies. */
    public record Tarpit(ReplySpec reply) implements Answers {
        public Tarpit {
            Objects.requireNonNull(reply, "reply");
        }
    }

    /** {@code http-request reject}: closes the connection without an answer. */
    public record Reject() implements ActionSpec { }

    /** {@code silent-drop}: forgets the connection; the client is told nothing, not even that it ended. */
    public record SilentDrop() implements ActionSpec { }

    private static final Set<RuleSet> BOTH = Set.of(HTTP_REQUEST, HTTP_RESPONSE);
    private static final Set<RuleSet> TCP =
            Set.of(TCP_REQUEST_CONNECTION, TCP_REQUEST_SESSION, TCP_REQUEST_CONTENT, TCP_RESPONSE_CONTENT);

    private static final String SILENT_DROP = """
            Forgets the connection without a word to the client. Difference: 'rst-ttl' counts as 1 without the right to
            repair sockets (CAP_NET_ADMIN), so that routers eat the reset; without epoll the client gets a reset.""";

    static final List<ActionKeyword> HTTP_ROWS = List.of(
            ActionKeyword.of("deny", BOTH, "[{ status | deny_status } <code>] " + ReplyReader.SYNTAX.replace("[status <code>] ", ""), """
                    Answers with an error and ends the request: 403 by default, 502 for a response. 'deny_status' sends the
                    page of the status; with 'status' alone the answer has no body.""",
                    context -> new Deny(reply(context, context.set() == HTTP_REQUEST ? 403 : 502, true))),
            ActionKeyword.of("return", BOTH, ReplyReader.SYNTAX, """
                    Answers without a server; status 200 by default.""",
                    context -> new Return(reply(context, 200, false))),
            ActionKeyword.of("tarpit", Set.of(HTTP_REQUEST), "[{ status | deny_status } <code>] "
                    + ReplyReader.SYNTAX.replace("[status <code>] ", ""), """
                    Holds the request for 'timeout tarpit' and then denies it; status 500 by default.""",
                    context -> new Tarpit(reply(context, 500, true))),
            ActionKeyword.of("reject", Set.of(HTTP_REQUEST), "", """
                    Closes the connection without an answer.""", context -> new Reject()),
            ActionKeyword.of("silent-drop", BOTH, "[rst-ttl <ttl>]", SILENT_DROP, ReplyActionKeywords::silentDrop));

    static final List<ActionKeyword> TCP_ROWS = List.of(
            ActionKeyword.of("silent-drop", TCP, "[rst-ttl <ttl>]", SILENT_DROP, ReplyActionKeywords::silentDrop));

    private ReplyActionKeywords() { }

    private static ReplySpec reply(ActionContext context, int status, boolean denies) {
        return new ReplyReader(context.arguments(), context.draft(), context::format, denies).read(status, context::atCondition);
    }

    private static SilentDrop silentDrop(ActionContext context) {
        if (context.arguments().skip("rst-ttl")) {
            context.arguments().next("a time to live", ArgumentType.integer(0, 255));
        }
        return new SilentDrop();
    }
}
