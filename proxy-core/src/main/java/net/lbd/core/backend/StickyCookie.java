package net.lbd.core.backend;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import net.lbd.config.model.CookieSpec;
import net.lbd.core.http.Ascii;
import net.lbd.core.sample.Hashes;

/**
 * The persistence cookie of a backend: what each server's value is, and how the header reads that sets it. Thread-safe.
 * Source: HAProxy manual, "cookie"; dates and dynamic values were found by watching HAProxy 2.6.
 *
 * <p>With {@code maxidle} or {@code maxlife} the value goes on with the date of the last use and that of the first, each behind a
 * bar: thirty bits of the time in units of four seconds, as five characters of base64.
 *
 * <p>Values that are made of addresses follow them: where a name server or a command moves a server, its value is another.
 */
public final class StickyCookie {

    /** No date. */
    public static final int UNDATED = 0;

    private static final byte[] DIGITS =
            Ascii.bytes("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
    private static final int DATE_LENGTH = 5;
    private static final int DAY = 24 * 3600 / 4;
    private static final byte[] NO_BYTES = {};

    private final CookieSpec spec;
    private final byte[] name;
    private final List<Server> servers;
    private final Optional<String> dynamicKey;
    private final boolean[] madeOfAddress;
    /** One for each server. */
    private final AtomicReferenceArray<Value> values;
    private final byte[] attributes;
    private final byte[] expired;
    private final int maxIdle;
    private final int maxLife;

    /**
     * What stands for a server.
     *
     * @param bytes empty: the server has none
     * @param line the whole value of a Set-Cookie header; up to the dates, where there are any
     * @param place of the server's address, of which it was made
     */
    private record Value(byte[] bytes, byte[] line, int place) { }

    /** @param values those of the server lines; empty where there is none */
    public StickyCookie(CookieSpec spec, List<Server> servers, List<Optional<String>> values, Optional<String> dynamicKey) {
        this.spec = spec;
        this.name = Ascii.bytes(spec.name());
        this.servers = List.copyOf(servers);
        this.dynamicKey = dynamicKey;
        this.madeOfAddress = new boolean[servers.size()];
        this.values = new AtomicReferenceArray<>(servers.size());
        this.attributes = attributes(spec);
        this.maxIdle = units(spec.maxIdle().map(d -> d.toSeconds()).orElse(0L));
        this.maxLife = units(spec.maxLife().map(d -> d.toSeconds()).orElse(0L));
        this.expired = Ascii.bytes(spec.name() + "=; Expires=Thu, 01-Jan-1970 00:00:01 GMT"
                + new String(attributes, java.nio.charset.StandardCharsets.ISO_8859_1));
        for (int i = 0; i < servers.size(); i++) {
            this.madeOfAddress[i] = values.get(i).isEmpty() && spec.dynamic();
            this.values.set(i, madeOfAddress[i] ? madeOfAddress(servers.get(i)) : value(values.get(i).map(Ascii::bytes).orElse(NO_BYTES), 0));
        }
    }

    private Value value(byte[] bytes, int place) {
        return new Value(bytes, join(name, Ascii.bytes("="), bytes, isDated() ? NO_BYTES : attributes), place);
    }

    /** The place is looked at first: where it changes meanwhile, the value is made once more. */
    private Value madeOfAddress(Server server) {
        int place = server.state().place().number();
        return value(dynamicValue(server, dynamicKey.orElse("")), place);
    }

    private Value valueOf(int i) {
        Value value = values.get(i);
        if (madeOfAddress[i] && (value.bytes.length == 0 || value.place != servers.get(i).state().place().number())) {
            value = madeOfAddress(servers.get(i));
            values.set(i, value);
        }
        return value;
    }

    private static int units(long seconds) {
        return (int) Math.min(Integer.MAX_VALUE, (seconds + 3) / 4);
    }

    private static byte[] attributes(CookieSpec spec) {
        StringBuilder text = new StringBuilder("; path=/");
        spec.domains().forEach(domain -> text.append("; domain=").append(domain));
        text.append(spec.httpOnly() ? "; HttpOnly" : "").append(spec.secure() ? "; Secure" : "");
        spec.attributes().forEach(attribute -> text.append("; ").append(attribute));
        return Ascii.bytes(text.toString());
    }

    /** Two machines that know the key come to the same value. */
    private static byte[] dynamicValue(Server server, String key) {
        Optional<SocketAddress> address = server.address(0);
        if (address.isEmpty() || !(address.get() instanceof InetSocketAddress inet)) {
            return NO_BYTES;
        }
        byte[] port = ByteBuffer.allocate(4).putInt(inet.getPort()).array();
        byte[] all = join(Ascii.bytes(key), inet.getAddress().getAddress(), port, NO_BYTES);
        return Ascii.bytes(String.format("%016x", Hashes.xxh64(all)));
    }

    private static byte[] join(byte[]... parts) {
        int length = Arrays.stream(parts).mapToInt(p -> p.length).sum();
        byte[] all = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    public CookieSpec spec() {
        return spec;
    }

    /** Do not change it. */
    public byte[] name() {
        return name;
    }

    /** Whether values carry dates. */
    public boolean isDated() {
        return maxIdle > 0 || maxLife > 0;
    }

    /** The server whose value this is, or {@link Server#NONE}. */
    public Server find(byte[] bytes, int offset, int length) {
        for (int i = 0; i < servers.size(); i++) {
            byte[] own = valueOf(i).bytes;
            if (length > 0 && Arrays.equals(own, 0, own.length, bytes, offset, offset + length)) {
                return servers.get(i);
            }
        }
        return Server.NONE;
    }

    /** The value of a server; empty if it has none. Do not change it. */
    public byte[] value(Server server) {
        int i = servers.indexOf(server);
        return i < 0 ? NO_BYTES : valueOf(i).bytes;
    }

    // ---- dates

    /** A moment as the cookie writes it. */
    public static int date(long wallMillis) {
        return (int) (wallMillis / 4000) & 0x3fff_ffff;
    }

    /** The date that text at {@code offset} is; {@link #UNDATED} if it is none. */
    public static int readDate(byte[] bytes, int offset, int end) {
        if (end - offset < DATE_LENGTH) {
            return UNDATED;
        }
        int date = 0;
        for (int i = offset; i < offset + DATE_LENGTH; i++) {
            int digit = digit(bytes[i]);
            if (digit < 0) {
                return UNDATED;
            }
            date = date << 6 | digit;
        }
        return date;
    }

    private static int digit(byte b) {
        for (int i = 0; i < DIGITS.length; i++) {
            if (DIGITS[i] == b) {
                return i;
            }
        }
        return -1;
    }

    /** Whether a cookie has not been used for too long, or claims to come from days ahead. */
    public boolean isIdle(int last, int now) {
        return maxIdle > 0 && last != UNDATED && (now - last > maxIdle || last - now > DAY);
    }

    /** Whether a cookie is too old whatever its use. */
    public boolean isTooOld(int first, int now) {
        return maxLife > 0 && first != UNDATED && (now - first > maxLife || first - now > DAY);
    }

    /** Whether the dates of a cookie that counts are not those it should bear. */
    public boolean wantsUpdate(int last, int first, int now) {
        return maxIdle > 0 && last == UNDATED || last != UNDATED && (last < now || !isDated())
                || (maxLife > 0) == (first == UNDATED);
    }

    // ---- what is set

    /**
     * The value of the Set-Cookie header for a server; for one without a value, what makes the client forget its own.
     *
     * @param first when the cookie came into being; {@link #UNDATED}: now
     */
    public byte[] line(Server server, int first, int now) {
        int i = servers.indexOf(server);
        Value value = i < 0 ? null : valueOf(i);
        if (value == null || value.bytes.length == 0) {
            return expired;
        }
        if (!isDated()) {
            return value.line;
        }
        byte[] dates = new byte[maxLife > 0 ? 2 * (DATE_LENGTH + 1) : DATE_LENGTH + 1];
        writeDate(dates, 0, now);
        if (maxLife > 0) {
            writeDate(dates, DATE_LENGTH + 1, first == UNDATED ? now : first);
        }
        return join(value.line, dates, attributes);
    }

    private static void writeDate(byte[] to, int at, int date) {
        to[at] = '|';
        for (int i = 0; i < DATE_LENGTH; i++) {
            to[at + 1 + i] = DIGITS[date >> 6 * (DATE_LENGTH - 1 - i) & 63];
        }
    }
}
