package net.lbd.config.keyword.server;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.lbd.config.draft.ServerDraft;
import net.lbd.config.grammar.Addresses;
import net.lbd.config.grammar.ArgumentType;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.Parameter;
import net.lbd.config.grammar.ValueException;
import net.lbd.config.model.AddressFamily;
import net.lbd.config.model.InitAddress;
import net.lbd.config.model.NetworkList;
import net.lbd.config.model.PatternSpec;
import net.lbd.config.model.ServerSettings;
import net.lbd.config.syntax.Word;

/** Parameters of a server that say how its name becomes an address. Source: HAProxy manual, "Server options", "Server DNS resolution". */
final class ResolutionKeywords {

    private static final ArgumentType<NetworkList> NETWORKS = text -> {
        List<PatternSpec.Network> networks = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            networks.add(Addresses.network(part));
        }
        return new NetworkList(networks);
    };

    private static final ArgumentType<InitAddress> METHODS = text -> {
        List<InitAddress.Method> methods = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            methods.add(method(part));
        }
        return new InitAddress(methods);
    };

    static final List<Parameter<ServerDraft>> ROWS = List.of(
            Parameter.<ServerDraft>of("resolvers", "<name>", """
                    The resolvers section that follows the server's name while the process runs: its addresses, or, for a label that
                    begins with an underscore, its SRV records. 'default' is there without being written: the name servers of
                    /etc/resolv.conf.""",
                    (arguments, draft) -> {
                        Word section = arguments.next("a name");
                        draft.resolvers(section);
                        draft.put(ServerSettings.RESOLVERS, section.text(), section);
                    }),
            Parameter.<ServerDraft>of("resolve-prefer", "{ ipv4 | ipv6 }", """
                    The family that is asked for first; the other one is asked for if there is none of it. Default: ipv6.""",
                    (arguments, draft) -> draft.put(ServerSettings.RESOLVE_PREFER,
                            arguments.next("one of ipv4, ipv6", ArgumentType.oneOf(AddressFamily.class)), arguments.last())),
            Parameter.<ServerDraft>of("resolve-opts", "<option>[,<option>…]", """
                    allow-dup-ip: servers of one name may have one address; prevent-dup-ip, the default, takes it back; ignore-weight: the
                    weights of SRV records say nothing.""", ResolutionKeywords::options),
            Parameter.<ServerDraft>of("resolve-net", "<network>[,<network>…]", "Addresses of these networks are taken before others.",
                    (arguments, draft) -> draft.put(ServerSettings.RESOLVE_NET, arguments.next("<networks>", NETWORKS), arguments.last())),
            Parameter.<ServerDraft>of("init-addr", "<method>[,<method>…]", """
                    How the address of a name is found at the start, the first that succeeds: last, the one that the state file has; libc,
                    the system's own look-up; none, no address until the name is resolved; or an address. If none succeeds, the daemon does
                    not start. Default: last,libc,none. Difference: HAProxy's default is last,libc, and a name that is not known stops it.""",
                    (arguments, draft) -> draft.put(ServerSettings.INIT_ADDR, arguments.next("<methods>", METHODS), arguments.last())));

    private ResolutionKeywords() { }

    private static void options(Arguments arguments, ServerDraft draft) {
        Word word = arguments.next("<options>");
        for (String option : word.text().split(",", -1)) {
            switch (option) {
                case "allow-dup-ip" -> draft.put(ServerSettings.ALLOW_DUP_IP, true, word);
                case "prevent-dup-ip" -> draft.put(ServerSettings.ALLOW_DUP_IP, false, word);
                case "ignore-weight" -> draft.put(ServerSettings.IGNORE_WEIGHT, true, word);
                default -> throw arguments.unknown(word, "option", List.of("allow-dup-ip", "ignore-weight", "prevent-dup-ip"));
            }
        }
    }

    private static InitAddress.Method method(String text) throws ValueException {
        switch (text) {
            case "last":
                return new InitAddress.Last();
            case "libc":
                return new InitAddress.Libc();
            case "none":
                return new InitAddress.None();
            default:
                Optional<InetAddress> address = Addresses.ip(text);
                return new InitAddress.Fixed(address.orElseThrow(() ->
                        new ValueException("'" + text + "' is neither last, libc or none nor an address")));
        }
    }
}
