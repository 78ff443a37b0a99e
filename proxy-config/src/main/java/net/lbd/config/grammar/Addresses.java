package net.lbd.config.grammar;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.lbd.config.model.AddressRange;
import net.lbd.config.model.AddressSpec;
import net.lbd.config.model.PatternSpec;
import net.lbd.config.model.PortSpec;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Word;

/**
 * Addresses of {@code bind}, {@code server}, {@code log} and ACL patterns. Names are never resolved
 * here. Source: HAProxy manual, section "Address formats".
 */
public final class Addresses {

    private Addresses() { }

    /** What an address is for; it decides which forms of port there may be. */
    public enum Use {
        /** A port or a port range is required. */
        BIND,
        /** A port may lack, or be an offset. */
        SERVER,
        /** A port may lack. */
        TARGET;

        private final ArgumentType<AddressSpec> one = text -> {
            List<AddressSpec> all = read(text, this);
            if (all.size() != 1) {
                throw new ValueException(Code.BAD_ADDRESS, "'" + text + "': a port range is not accepted here");
            }
            return all.get(0);
        };
    }

    private static final List<String> PREFIXES = List.of("stream+", "ipv4@", "ipv6@", "tcp@", "tcp4@", "tcp6@");

    /**
     * An address, or several: a {@code bind} with a port range yields one for each port.
     *
     * @throws ValueException if the text is none of the forms of the manual
     */
    public static List<AddressSpec> read(String text, Use use) throws ValueException {
        if (text.isEmpty()) {
            throw new ValueException(Code.BAD_ADDRESS, "an empty address is not accepted");
        }
        char first = text.charAt(0);
        if (first >= '0' && first <= '9' || first == '*' || first == ':' || first == '[') {
            return internet(text, text, use);
        }
        String rest = text;
        char family = ' ';
        for (String prefix : PREFIXES) {
            if (rest.startsWith(prefix)) {
                rest = rest.substring(prefix.length());
                family = prefix.contains("4") ? '4' : prefix.contains("6") ? '6' : family;
            }
        }
        if (rest.startsWith("abnsz@") && rest.length() > 6) {
            return List.of(new AddressSpec.Unix(text, rest.substring(6), true));
        }
        if (rest.startsWith("unix@") || rest.startsWith("uxst@") || rest.startsWith("abns@")) {
            String path = rest.substring(5);
            if (path.isEmpty()) {
                throw new ValueException(Code.BAD_ADDRESS, "'" + text + "' has no path");
            }
            return List.of(new AddressSpec.Unix(text, path, rest.startsWith("abns@")));
        }
        if (rest.startsWith("/")) {
            return List.of(new AddressSpec.Unix(text, rest, false));
        }
        if (rest.startsWith("fd@") || rest.startsWith("sockpair@")) {
            if (use == Use.SERVER) {
                throw new ValueException(Code.BAD_ADDRESS, "'" + text + "': a descriptor is for what listens and for logs, not for servers");
            }
            String number = rest.substring(rest.indexOf('@') + 1);
            return List.of(new AddressSpec.FileDescriptor(text, (int) Numbers.read(number, 0, Integer.MAX_VALUE)));
        }
        if (rest.startsWith("udp@") || rest.startsWith("udp4@") || rest.startsWith("udp6@")
                || rest.startsWith("quic4@") || rest.startsWith("quic6@")) {
            throw new ValueException(Code.BAD_ADDRESS, "'" + text + "': only stream sockets (TCP and Unix) are served here");
        }
        if (family == '6' && (rest.startsWith("*:") || rest.lastIndexOf(':') == 0)) {
            rest = "::" + rest.substring(rest.lastIndexOf(':'));
        }
        List<AddressSpec> found = internet(text, rest, use);
        if (family != ' ' && found.get(0) instanceof AddressSpec.Ip ip && ip.address() instanceof Inet6Address != (family == '6')) {
            throw new ValueException(Code.BAD_ADDRESS, "'" + text + "' is an address of the other family");
        }
        return found;
    }

    /** @param rest the text without what stands before host and port */
    private static List<AddressSpec> internet(String text, String rest, Use use) throws ValueException {
        // The last colon begins the port: an IPv6 address without a port ends in a colon or stands in brackets.
        int colon = rest.endsWith("]") ? -1 : rest.lastIndexOf(':');
        String host = colon < 0 ? rest : rest.substring(0, colon);
        String port = colon < 0 ? "" : rest.substring(colon + 1);
        if (use == Use.BIND && port.isEmpty()) {
            throw new ValueException(Code.BAD_ADDRESS, "'" + text + "' has no port; write ADDRESS:PORT");
        }
        List<PortSpec> ports = ports(text, port, use);
        if (ports.size() == 1) {
            return List.of(withPort(text, host, ports.get(0)));
        }
        List<AddressSpec> found = new ArrayList<>(ports.size());
        for (PortSpec p : ports) {
            found.add(withPort(text, host, p));
        }
        return found;
    }

    /** Tells of an address that is well formed, but that this version can open no socket of. */
    public static void noteUnserved(Arguments arguments, Word at, AddressSpec address) {
        if (!address.isServed()) {
            arguments.diagnostics().notice(Code.NOT_YET, at, "the address '" + address.text()
                    + "' is not supported yet by this version; the daemon refuses to start with it");
        }
    }

    /** Refuses a descriptor where a connection is to be made. */
    public static void refuseDescriptor(Arguments arguments, Word at, AddressSpec address) {
        if (address instanceof AddressSpec.FileDescriptor) {
            throw new StatementException(Code.BAD_ADDRESS, at, "'" + arguments.upTo(at) + "': a descriptor is for what listens and for logs, not for checks");
        }
    }

    /** Tells of an IPv4 address with less than four numbers, which is often one that has lost some. */
    public static void noteShortForm(Arguments arguments, Word at, AddressSpec address) {
        if (address instanceof AddressSpec.Ip ip) {
            int colon = address.text().lastIndexOf(':');
            String host = colon < 0 ? address.text() : address.text().substring(0, colon);
            if (isShortForm(host)) {
                arguments.diagnostics().warn(Code.SHORT_ADDRESS, at, "'" + host + "' has less than four numbers; it is read as "
                        + ip.address().getHostAddress(), "write all four numbers");
            }
        }
    }

    /** One address. */
    public static ArgumentType<AddressSpec> one(Use use) {
        return use.one;
    }

    private static List<PortSpec> ports(String text, String port, Use use) throws ValueException {
        if (port.isEmpty()) {
            return List.of(PortSpec.NONE);
        }
        if (port.startsWith("+") || port.startsWith("-")) {
            if (use != Use.SERVER) {
                throw new ValueException(Code.BAD_ADDRESS, "'" + text + "': a port offset is for servers only");
            }
            int offset = (int) Numbers.read(port.substring(1), 0, 65535);
            return List.of(new PortSpec.Offset(port.startsWith("-") ? -offset : offset));
        }
        int dash = port.indexOf('-');
        int from = port(text, dash < 0 ? port : port.substring(0, dash), use);
        if (dash < 0) {
            return List.of(new PortSpec.Fixed(from));
        }
        int to = port(text, port.substring(dash + 1), use);
        if (use != Use.BIND || to < from) {
            throw new ValueException(Code.BAD_ADDRESS, "'" + text + "': the port range '" + port + "' is not accepted");
        }
        List<PortSpec> ports = new ArrayList<>();
        for (int p = from; p <= to; p++) {
            ports.add(new PortSpec.Fixed(p));
        }
        return ports;
    }

    private static int port(String text, String port, Use use) throws ValueException {
        int number = Numbers.digits(port);
        if (number <= 65535 && number >= (use == Use.BIND ? 1 : 0)) {
            return number;
        }
        if (!Numbers.isNumber(port)) {
            throw new ValueException(Code.BAD_ADDRESS, "'" + text + "': '" + port + "' is not a port number");
        }
        try {
            return (int) Numbers.read(port, use == Use.BIND ? 1 : 0, 65535);
        } catch (ValueException e) {
            throw new ValueException(Code.BAD_ADDRESS, "'" + text + "': port " + e.getMessage());
        }
    }

    private static AddressSpec withPort(String text, String host, PortSpec port) throws ValueException {
        if (host.isEmpty() || host.equals("*")) {
            return new AddressSpec.Ip(text, ip("0.0.0.0").orElseThrow(), port);
        }
        String bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        Optional<InetAddress> address = ip(bare);
        if (address.isPresent()) {
            return new AddressSpec.Ip(text, address.get(), port);
        }
        if (isNumbersAndDots(bare)) {
            throw new ValueException(Code.BAD_ADDRESS, "'" + bare + "' is not an IPv4 address");
        }
        if (!isHostName(bare)) {
            throw new ValueException(Code.BAD_ADDRESS, "'" + text + "' is neither an address nor a host name");
        }
        return new AddressSpec.Host(text, bare, port);
    }

    /** Whether the text is digits and dots with less than three dots, which {@link #ip} expands. */
    public static boolean isShortForm(String host) {
        int dots = 0;
        for (int dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
            dots++;
        }
        return dots < 3 && isNumbersAndDots(host) && ip(host).isPresent();
    }

    private static boolean isNumbersAndDots(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '.' && (c < '0' || c > '9')) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    private static boolean isHostName(String text) {
        return !text.isEmpty() && text.length() <= 253 && text.chars().allMatch(c ->
                c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '.' || c == '_');
    }

    /**
     * A numeric address: IPv4 with one to four numbers (missing ones as inet_aton does), or IPv6.
     * Never asks a name server.
     */
    public static Optional<InetAddress> ip(String text) {
        if (text.indexOf(':') < 0) {
            return ipv4(text);
        }
        boolean ipv6Characters = text.chars().allMatch(c -> c == ':' || c == '.'
                || c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F');
        if (!ipv6Characters) {
            return Optional.empty();
        }
        try {
            // With a colon in it the JDK reads a literal and never asks a name server.
            return Optional.of(InetAddress.getByName(text));
        } catch (UnknownHostException notAnAddress) {
            return Optional.empty();
        }
    }

    /** One to four numbers with dots between them; one pass, as a configuration of thousands of servers is mostly this. */
    private static Optional<InetAddress> ipv4(String text) {
        long value = 0;
        long part = 0;
        int digits = 0;
        int dots = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.') {
                if (digits == 0 || part > 255 || ++dots > 3) {
                    return Optional.empty();
                }
                value = value << 8 | part;
                part = 0;
                digits = 0;
            } else {
                part = part * 10 + c - '0';
                if (c < '0' || c > '9' || ++digits > 10) {
                    return Optional.empty();
                }
            }
        }
        // The last number fills what is left of the four bytes.
        int bitsLeft = 8 * (4 - dots);
        if (digits == 0 || part >= 1L << bitsLeft) {
            return Optional.empty();
        }
        value = value << bitsLeft | part;
        byte[] bytes = {(byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value};
        try {
            return Optional.of(InetAddress.getByAddress(bytes));
        } catch (UnknownHostException cannotHappen) {
            throw new AssertionError("four bytes are an IPv4 address", cannotHappen);
        }
    }

    /** {@code FIRST-LAST}. */
    public static AddressRange range(String text) throws ValueException {
        int dash = text.indexOf('-');
        Optional<InetAddress> first = ip(text.substring(0, Math.max(0, dash)));
        Optional<InetAddress> last = ip(text.substring(dash + 1));
        if (first.isEmpty() || last.isEmpty() || first.get().getAddress().length != last.get().getAddress().length
                || Arrays.compareUnsigned(first.get().getAddress(), last.get().getAddress()) > 0) {
            throw new ValueException(Code.BAD_ADDRESS, "'" + text + "': a range is two addresses of one family, the smaller one first");
        }
        return new AddressRange(first.get(), last.get());
    }

    /** {@code ADDRESS[/PREFIX or /MASK]}. */
    public static PatternSpec.Network network(String text) throws ValueException {
        int slash = text.indexOf('/');
        String host = slash < 0 ? text : text.substring(0, slash);
        InetAddress address = ip(host).orElseThrow(() ->
                new ValueException(Code.BAD_ADDRESS, "'" + text + "' is not an address or network"));
        int bits = address.getAddress().length * 8;
        if (slash < 0) {
            return new PatternSpec.Network(address, bits);
        }
        String suffix = text.substring(slash + 1);
        if (Numbers.isNumber(suffix)) {
            return new PatternSpec.Network(address, (int) Numbers.read(suffix, 0, bits));
        }
        InetAddress mask = ip(suffix).filter(m -> m.getAddress().length * 8 == bits).orElseThrow(() ->
                new ValueException(Code.BAD_ADDRESS, "'" + suffix + "' is not a prefix length or mask"));
        return new PatternSpec.Network(address, prefixLength(text, mask.getAddress()));
    }

    private static int prefixLength(String text, byte[] mask) throws ValueException {
        int length = 0;
        boolean zeroSeen = false;
        for (byte b : mask) {
            for (int bit = 7; bit >= 0; bit--) {
                boolean one = (b >> bit & 1) == 1;
                if (one && zeroSeen) {
                    throw new ValueException(Code.BAD_ADDRESS, "'" + text + "': the mask has ones behind zeros");
                }
                zeroSeen |= !one;
                length += one ? 1 : 0;
            }
        }
        return length;
    }
}
