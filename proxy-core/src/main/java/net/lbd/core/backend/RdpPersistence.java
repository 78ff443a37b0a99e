package net.lbd.core.backend;

import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.util.List;
import net.lbd.config.model.SampleSpec;
import net.lbd.config.model.SampleType;
import net.lbd.config.syntax.SourceLocation;
import net.lbd.core.sample.RuntimeNames;
import net.lbd.core.sample.Sample;
import net.lbd.core.sample.SampleExpression;
import net.lbd.core.stream.Stream;

/**
 * Finds the server that a Remote Desktop client's cookie names: {@code ADDRESS.PORT.RESERVED}, both numbers as they lie in
 * memory, lowest byte first. Immutable. Source: HAProxy manual, "persist rdp-cookie"; Microsoft, "Terminal Services
 * session directory, routing token".
 */
public final class RdpPersistence {

    private static final String FETCH = "req.rdp_cookie";

    private final SampleExpression cookie;
    private final List<Server> servers;

    public RdpPersistence(String name, List<Server> servers, RuntimeNames names) {
        this.cookie = SampleExpression.compile(new SampleSpec(SourceLocation.BUILT_IN, FETCH, new SampleSpec.Fetch(FETCH,
                List.of(new SampleSpec.Argument.Text(name)), SampleType.STRING), List.of(), SampleType.STRING), names);
        this.servers = List.copyOf(servers);
    }

    /** The server; {@link Server#NONE} if there is no such cookie, or no such server. */
    public Server find(Stream stream) {
        Sample value = stream.worker().scratch().take();
        Server found = cookie.evaluate(stream, value, SampleType.STRING)
                ? find(value.bytes(), value.offset(), value.offset() + value.length(), stream.session().destination().port())
                : Server.NONE;
        stream.worker().scratch().give(value);
        return found;
    }

    private Server find(byte[] text, int from, int end, int clientPort) {
        int dot = end(text, from, end);
        int second = end(text, dot + 1, end);
        long address = number(text, from, dot, 0xffff_ffffL);
        long port = number(text, dot + 1, second, 0xffff);
        if (address < 0 || port < 0 || second >= end) {
            return Server.NONE;
        }
        int wanted = Integer.reverseBytes((int) address);
        int wantedPort = (int) ((port & 0xff) << 8 | port >> 8);
        for (int i = 0; i < servers.size(); i++) {
            if (servers.get(i).address(clientPort).orElse(null) instanceof InetSocketAddress inet && inet.getPort() == wantedPort
                    && inet.getAddress() instanceof Inet4Address four && four.hashCode() == wanted) {
                return servers.get(i);
            }
        }
        return Server.NONE;
    }

    private static int end(byte[] text, int from, int end) {
        int at = from;
        while (at < end && text[at] != '.') {
            at++;
        }
        return at;
    }

    /** A decimal number; -1 for none, and for one that is too large. */
    private static long number(byte[] text, int from, int end, long max) {
        long number = from < end ? 0 : -1;
        for (int i = from; i < end; i++) {
            if (text[i] < '0' || text[i] > '9' || number > max) {
                return -1;
            }
            number = number * 10 + text[i] - '0';
        }
        return number > max ? -1 : number;
    }
}
