package net.lbd.config.keyword.global;

import java.util.List;
import net.lbd.config.draft.GlobalDraft;
import net.lbd.config.grammar.ArgumentType;
import net.lbd.config.grammar.Directive;
import net.lbd.config.grammar.Sizes;
import net.lbd.config.grammar.Support;
import net.lbd.config.model.GlobalSettings;

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
            size("tune.sndbuf.server", "The kernel's send buffer, server side."),
            size("tune.ssl.cachesize", "Entries of the TLS session cache."),
            size("tune.ssl.maxrecord", "The size of TLS records."),
            size("tune.ssl.lifetime", "How long TLS sessions are kept."));

    private TuneKeywords() { }

    private static Directive<GlobalDraft> number(String name, String doc) {
        return GlobalKeywords.ignored(name, "<number>", ArgumentType.integer(-1, Integer.MAX_VALUE), doc, OTHER_ENGINE);
    }

    private static Directive<GlobalDraft> size(String name, String doc) {
        return GlobalKeywords.ignored(name, "<size>", ArgumentType.TEXT, doc, OTHER_ENGINE);
    }
}
