package net.lbd.core.rule;

import net.lbd.core.http.LocalReply;
import net.lbd.config.model.StickDataType;
import net.lbd.core.http.Ascii;
import java.util.List;
import java.util.Optional;
import net.lbd.config.keyword.rule.ReplyActionKeywords;
import net.lbd.core.stream.Verdict;

/** The actions that answer a client here, or leave it without an answer. Source: HAProxy manual, "http-request return". */
final class ReplyActions {

    static final List<ActionCompiler<?>> ROWS = List.of(
            new ActionCompiler<>(ReplyActionKeywords.Deny.class, (action, set, names) -> {
                ReplyTemplate reply = ReplyTemplate.compile(action.reply(), names);
                return stream -> new Verdict.Deny(reply.status(), Optional.of(reply.make(stream)));
            }),
            new ActionCompiler<>(ReplyActionKeywords.Return.class, (action, set, names) -> {
                ReplyTemplate reply = ReplyTemplate.compile(action.reply(), names);
                return stream -> new Verdict.Reply(reply.make(stream), reply.status());
            }),
            new ActionCompiler<>(ReplyActionKeywords.Tarpit.class, (action, set, names) -> {
                ReplyTemplate reply = ReplyTemplate.compile(action.reply(), names);
                return stream -> new Verdict.Tarpit(reply.status(), reply.make(stream));
            }),
            new ActionCompiler<>(ReplyActionKeywords.Auth.class, (action, set, names) -> challenge(action.realm().orElse(names.proxy()))),
            new ActionCompiler<>(ReplyActionKeywords.Reject.class, (action, set, names) -> stream -> Verdict.ABORT),
            new ActionCompiler<>(ReplyActionKeywords.SilentDrop.class, (action, set, names) -> stream -> Verdict.SILENT_DROP));

    private ReplyActions() { }

    /** Asks for a user and a password. */
    static Action challenge(String realm) {
        byte[] challenge = Ascii.bytes("Basic realm=\"" + quoted(realm) + "\"");
        LocalReply.Header header = new LocalReply.Header(Ascii.bytes("WWW-Authenticate"), challenge);
        LocalReply.Header ofProxy = new LocalReply.Header(Ascii.bytes("Proxy-Authenticate"), challenge);
        return stream -> {
            stream.countTracked(StickDataType.HTTP_ERR_CNT, StickDataType.HTTP_ERR_RATE, 1);
            return stream.request().isForProxy()
                    ? new Verdict.Reply(ErrorPages.reply(stream, 407).with(ofProxy), 407)
                    : new Verdict.Reply(ErrorPages.reply(stream, 401).with(header), 401);
        };
    }

    private static String quoted(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"");
    }
}
