package net.lbd.config.keyword.server;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import net.lbd.config.expr.SampleReader;
import net.lbd.config.expr.SampleReader.Direction;
import net.lbd.config.grammar.Addresses;
import net.lbd.config.grammar.ArgumentType;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.Numbers;
import net.lbd.config.grammar.ValueException;
import net.lbd.config.model.AddressSpec;
import net.lbd.config.model.PortSpec;
import net.lbd.config.model.SourceSpec;
import net.lbd.config.model.SourceSpec.As;
import net.lbd.config.syntax.Word;

/**
 * Reads what stands behind {@code source} in proxies and on server lines. Stateless. Source: HAProxy manual, "source" of the
 * proxies and of the server options.
 */
public final class SourceReader {

    public static final String SYNTAX = "<address>[:<port>[-<port>]] [usesrc { clientip | client | hdr_ip(<header>[,<occurrence>])"
            + " | <address>[:<port>] }] [interface <name>]";
    public static final String DOC = """
            Where connections to servers, and checks, come from; 0.0.0.0: the kernel chooses. usesrc shows servers an address that is
            not this machine's (transparent proxy): clientip, the client's; client, its port as well; hdr_ip, the address in a request
            header, of which the last counts unless an occurrence is named (1 is the first, -1 the last, 0 none), and the own
            where there is none; or a given one. Checks come from the own address all the same. interface: the one to go out by.
            usesrc and interface want Linux with epoll, and the capability CAP_NET_ADMIN; 'transparent-routing on' in global, or
            'lbctl preflight', sets up the way back of the servers' answers. Default: 0.0.0.0.""";

    private static final List<String> WORDS = List.of("usesrc", "interface");
    private static final String AN_IDENTITY = "clientip, client, hdr_ip(HEADER) or an address";

    private SourceReader() { }

    /** @param ranges whether a range of ports may be named, as on server lines */
    public static SourceSpec read(Arguments arguments, boolean ranges) {
        Word word = arguments.next("an address");
        Ports ports = ports(arguments, word, ranges);
        AddressSpec.Ip ip = ip(arguments, word, ports.rest);
        int first = port(ip);
        if (ports.last > 0 && (first == 0 || first > ports.last)) {
            throw arguments.error(word, "'source " + word + "': a range of ports begins with the smaller one");
        }
        As as = new As.Own();
        Optional<String> device = Optional.empty();
        while (arguments.hasNext() && WORDS.contains(arguments.peek().orElseThrow().text())) {
            if (arguments.skip("usesrc")) {
                as = as(arguments, arguments.next(AN_IDENTITY));
            } else {
                arguments.skip("interface");
                device = Optional.of(arguments.next("an interface", ArgumentType.INTERFACE));
            }
        }
        Optional<InetAddress> address = Optional.of(ip.address()).filter(a -> !a.isAnyLocalAddress());
        return new SourceSpec(address, first, Math.max(first, ports.last), as, device);
    }

    /**
     * A range taken from the end of an address.
     *
     * @param last 0: there is none
     */
    private record Ports(String rest, int last) { }

    private static Ports ports(Arguments arguments, Word word, boolean permitted) {
        String text = word.text();
        int dash = text.lastIndexOf('-');
        if (dash < 0 || dash < text.lastIndexOf(':')) {
            return new Ports(text, 0);
        }
        if (!permitted) {
            throw arguments.error(word, "'source " + word + "': a range of ports may stand on server lines only");
        }
        try {
            return new Ports(text.substring(0, dash), (int) Numbers.read(text.substring(dash + 1), 1, 65535));
        } catch (ValueException e) {
            throw arguments.error(word, "'source " + word + "': " + e.getMessage());
        }
    }

    private static AddressSpec.Ip ip(Arguments arguments, Word word, String text) {
        try {
            if (Addresses.one(Addresses.Use.TARGET).read(text) instanceof AddressSpec.Ip ip) {
                return ip;
            }
        } catch (ValueException e) {
            throw arguments.error(word, "'" + word + "': " + e.getMessage());
        }
        throw arguments.error(word, "'" + word + "' is not an IP address; names and Unix sockets are not accepted here");
    }

    private static int port(AddressSpec.Ip ip) {
        return ip.port() instanceof PortSpec.Fixed fixed ? fixed.port() : 0;
    }

    private static As as(Arguments arguments, Word word) {
        String text = word.text();
        if (text.equals("client") || text.equals("clientip")) {
            return new As.Client(text.equals("client"));
        }
        if (text.startsWith("hdr_ip(") && text.endsWith(")")) {
            return header(arguments, word);
        }
        if (text.isEmpty() || Character.isLetter(text.charAt(0)) && text.indexOf(':') < 0 && text.indexOf('@') < 0) {
            throw arguments.error(word, "'usesrc " + word + "': write " + AN_IDENTITY);
        }
        AddressSpec.Ip ip = ip(arguments, word, text);
        return ip.address().isAnyLocalAddress() ? new As.Own() : new As.Foreign(ip.address(), port(ip));
    }

    private static As header(Arguments arguments, Word word) {
        String inside = word.text().substring("hdr_ip(".length(), word.text().length() - 1);
        int comma = inside.indexOf(',');
        String name = (comma < 0 ? inside : inside.substring(0, comma)).strip();
        String occurrence = comma < 0 ? "-1" : inside.substring(comma + 1).strip();
        if (!name.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+") || !occurrence.matches("-?[0-9]{1,4}")) {
            throw arguments.error(word, "'usesrc " + word + "': write hdr_ip(HEADER) or hdr_ip(HEADER,OCCURRENCE), such as hdr_ip(x-forwarded-for,-1)");
        }
        if (Integer.parseInt(occurrence) == 0) {
            return new As.Own();
        }
        Word sample = new Word("req.hdr_ip(" + name + "," + occurrence + ")", word.location(), word.length());
        return new As.Header(SampleReader.read(sample, Direction.REQUEST, arguments.diagnostics()));
    }
}
