package net.lbd.config.keyword.proxy;

import static net.lbd.config.grammar.SectionKind.BACK;
import static net.lbd.config.grammar.SectionKind.FRONT;
import static net.lbd.config.grammar.SectionKind.PROXIES;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.grammar.ArgumentType;
import net.lbd.config.grammar.Directive;
import net.lbd.config.grammar.Durations;
import net.lbd.config.grammar.SectionKind;
import net.lbd.config.model.ProxySettings;
import net.lbd.config.model.Setting;

/** What is asked of the sockets of clients and servers. Source: HAProxy manual, "option nolinger", "option tcpka". */
public final class SocketKeywords {

    public static final List<Directive<ProxyDraft>> ROWS = List.of(
            Rows.flag(ProxySettings.NOLINGER, PROXIES, """
                    Ends connections with a reset, which cuts what is still on its way: clients' in frontends, servers' in
                    backends. A last resort."""),
            Rows.flag(ProxySettings.CLIENT_KEEPALIVE, FRONT, "TCP keep-alive towards clients: the kernel finds out who is gone."),
            Rows.flag(ProxySettings.SERVER_KEEPALIVE, BACK, "TCP keep-alive towards servers: the kernel finds out who is gone."),
            Directive.<ProxyDraft>of("option tcpka", PROXIES, "", "TCP keep-alive on both sides: clitcpka and srvtcpka.",
                    (arguments, draft) -> {
                        arguments.end();
                        draft.settings().put(ProxySettings.CLIENT_KEEPALIVE, true, arguments.location());
                        draft.settings().put(ProxySettings.SERVER_KEEPALIVE, true, arguments.location());
                    }),
            count(ProxySettings.CLIENT_KEEPALIVE_COUNT, FRONT, "How many TCP keep-alive probes a client may leave unanswered."),
            time(ProxySettings.CLIENT_KEEPALIVE_IDLE, FRONT, "How long a client's connection is idle before it is probed."),
            time(ProxySettings.CLIENT_KEEPALIVE_INTERVAL, FRONT, "The time between two probes of a client."),
            count(ProxySettings.SERVER_KEEPALIVE_COUNT, BACK, "How many TCP keep-alive probes a server may leave unanswered."),
            time(ProxySettings.SERVER_KEEPALIVE_IDLE, BACK, "How long a server's connection is idle before it is probed."),
            time(ProxySettings.SERVER_KEEPALIVE_INTERVAL, BACK, "The time between two probes of a server."));

    private SocketKeywords() { }

    private static Directive<ProxyDraft> count(Setting<Integer> setting, Set<SectionKind> sections, String doc) {
        return Rows.valueAndMore(setting, sections, "<count>", ArgumentType.integer(1, 127), doc + " 1 to 127. Default: the kernel's.");
    }

    private static Directive<ProxyDraft> time(Setting<Duration> setting, Set<SectionKind> sections, String doc) {
        return Rows.valueAndMore(setting, sections, "<time>", Durations.SECONDS, doc + " A bare number counts seconds. Default: the kernel's.");
    }
}
