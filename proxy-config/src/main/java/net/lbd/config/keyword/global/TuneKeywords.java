package net.lbd.config.keyword.global;

import java.util.List;
import java.util.Set;
import net.lbd.config.draft.GlobalDraft;
import net.lbd.config.grammar.ArgumentType;
import net.lbd.config.grammar.Directive;
import net.lbd.config.grammar.SectionKind;
import net.lbd.config.grammar.Sizes;
import net.lbd.config.grammar.Support;
import net.lbd.config.model.GlobalSettings;
import net.lbd.config.model.Setting;

/** The {@code tune.…} words. Source: HAProxy manual, "Performance tuning". */
public final class TuneKeywords {

    private static final Support OTHER_ENGINE = Support.noEffect("it tunes HAProxy's engine, and this is another");

    public static final List<Directive<GlobalDraft>> ROWS = List.of(
            GlobalKeywords.value(GlobalSettings.BUFSIZE, "<bytes>", Sizes.upTo(1 << 30), """
                    The longest head of a message is this less tune.maxrewrite. Default: 16384. Difference: what a
                    stream holds of a body does not depend on it."""),
            GlobalKeywords.value(GlobalSettings.MAXREWRITE, "<bytes>", Sizes.upTo(1 << 30), """
                    Room kept for headers that rules add; at most half of tune.bufsize. Default: 1024."""),
            GlobalKeywords.value(GlobalSettings.MAXHDR, "<number>", ArgumentType.integer(1, 32767), """
                    Headers of one message. Default: 101."""),
            h2(GlobalSettings.H2_INITIAL_WINDOW, "<bytes>", 0, Integer.MAX_VALUE, """
                    What a peer may send on a stream of HTTP/2 before we have used it. Default: 65535. A stream holds no more
                    of a request's body than this."""),
            h2(GlobalSettings.H2_FE_INITIAL_WINDOW, "<bytes>", 0, Integer.MAX_VALUE, "As tune.h2.initial-window-size, for clients."),
            h2(GlobalSettings.H2_BE_INITIAL_WINDOW, "<bytes>", 0, Integer.MAX_VALUE, "As tune.h2.initial-window-size, for servers."),
            h2(GlobalSettings.H2_CONCURRENT_STREAMS, "<number>", 0, Integer.MAX_VALUE, """
                    Streams of an HTTP/2 connection at a time; 0: without limit. Default: 100."""),
            h2(GlobalSettings.H2_FE_CONCURRENT_STREAMS, "<number>", 0, Integer.MAX_VALUE, "As tune.h2.max-concurrent-streams, for clients."),
            h2(GlobalSettings.H2_BE_CONCURRENT_STREAMS, "<number>", 0, Integer.MAX_VALUE, """
                    As tune.h2.max-concurrent-streams, for servers: never more than the server allows are on one connection at a
                    time."""),
            h2(GlobalSettings.H2_HEADER_TABLE, "<bytes>", 0, 65536, """
                    The table of header compression that peers may use, for each connection. Default: 4096."""),
            h2(GlobalSettings.H2_FRAME_SIZE, "<bytes>", 16384, 16777215, """
                    The longest frame that peers may send; never more than 262144 is granted. Default: 16384. Difference: it does not
                    follow tune.bufsize."""),
            h2(GlobalSettings.H2_FE_TOTAL_STREAMS, "<number>", 0, Integer.MAX_VALUE, """
                    Streams of a client's connection altogether: behind the last the client is asked to open another
                    connection. Default: 0, without limit."""),
            h2(GlobalSettings.H2_FE_GLITCHES, "<number>", 0, Integer.MAX_VALUE, """
                    Breaches of the protocol behind which a client's connection is closed, also if each ends a stream only.
                    Default: 0, without limit; floods end a connection in any case."""),
            h2(GlobalSettings.H2_BE_GLITCHES, "<number>", 0, Integer.MAX_VALUE, "As tune.h2.fe.glitches-threshold, for servers."),
            Directive.<GlobalDraft>of(GlobalSettings.H2_NO_WEBSOCKETS.name(), Set.of(SectionKind.GLOBAL), "", """
                    Does not tell clients that WebSocket works over HTTP/2 (RFC 8441), for those that then use it and fail.""",
                    (arguments, draft) -> {
                        arguments.end();
                        draft.settings().put(GlobalSettings.H2_NO_WEBSOCKETS, !arguments.negated(), arguments.location());
                    }).canBeNegated(),
            GlobalKeywords.ignored("tune.h2.fe.rxbuf", "<size>", ArgumentType.TEXT, "The receive buffer of HTTP/2, client side.", OTHER_ENGINE),
            GlobalKeywords.ignored("tune.h2.be.rxbuf", "<size>", ArgumentType.TEXT, "The receive buffer of HTTP/2, server side.", OTHER_ENGINE),
            GlobalKeywords.ignored("tune.h2.zero-copy-fwd-send", "{ on | off }", ArgumentType.TEXT, "Sends without copying.", OTHER_ENGINE),
            GlobalKeywords.value(GlobalSettings.LOG_URI_LENGTH, "<bytes>", ArgumentType.integer(64, 1 << 20), """
                    Longer request lines are cut in the log. Default: 1024."""),
            GlobalKeywords.value(GlobalSettings.COOKIE_LENGTH, "<bytes>", ArgumentType.integer(2, 1 << 16), """
                    The most that 'capture cookie' keeps, whatever its own length. Default: 63."""),
            number("tune.maxaccept", "Connections accepted in a row."),
            number("tune.maxpollevents", "Events taken in a row."),
            number("tune.runqueue-depth", "Tasks run in a row."),
            size("tune.rcvbuf.client", "The kernel's receive buffer, client side."),
            size("tune.rcvbuf.server", "The kernel's receive buffer, server side."),
            size("tune.sndbuf.client", "The kernel's send buffer, client side."),
            size("tune.sndbuf.server", "The kernel's send buffer, server side."));

    private TuneKeywords() { }

    private static Directive<GlobalDraft> h2(Setting<Integer> setting, String syntax, int least, int most, String doc) {
        return GlobalKeywords.value(setting, syntax, ArgumentType.integer(least, most), doc);
    }

    private static Directive<GlobalDraft> number(String name, String doc) {
        return GlobalKeywords.ignored(name, "<number>", ArgumentType.integer(-1, Integer.MAX_VALUE), doc, OTHER_ENGINE);
    }

    private static Directive<GlobalDraft> size(String name, String doc) {
        return GlobalKeywords.ignored(name, "<size>", ArgumentType.TEXT, doc, OTHER_ENGINE);
    }
}
