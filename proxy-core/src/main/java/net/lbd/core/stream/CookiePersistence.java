package net.lbd.core.stream;

import java.util.Arrays;
import net.lbd.config.model.CookieSpec;
import net.lbd.core.backend.Server;
import net.lbd.core.backend.StickyCookie;
import net.lbd.core.http.Ascii;
import net.lbd.core.http.HttpMessage;
import net.lbd.core.http.StoreCheck;

/**
 * The persistence cookie of one exchange: finds the server that the client's names, hides from the server what is not its
 * own, and sets the cookie in the response. Event-loop confined; one for each stream whose backends have had a cookie.
 * Source: HAProxy manual, "cookie", and section "Session state at disconnection" for the two flags.
 */
final class CookiePersistence {

    private static final byte[] COOKIE = Ascii.bytes("cookie");
    private static final byte[] SET_COOKIE = Ascii.bytes("set-cookie");
    private static final byte[] SET_COOKIE_NAME = Ascii.bytes("Set-Cookie");
    private static final byte[] CACHE_CONTROL = Ascii.bytes("Cache-Control");
    private static final byte[] PRIVATE = Ascii.bytes("private");
    private static final byte[] POST = Ascii.bytes("POST");
    private static final byte[] NO_BYTES = {};

    private char clientFlag;
    private char serverFlag;
    private Server named = Server.NONE;
    private int first;
    private boolean update;

    // ---- the request

    /** Looks at the client's cookies, once for each request. */
    void read(Stream stream, StickyCookie cookie) {
        clientFlag = 'N';
        serverFlag = 'N';
        named = Server.NONE;
        first = StickyCookie.UNDATED;
        update = false;
        HttpMessage request = stream.request();
        int headers = request.headerCount();
        for (int h = request.find(COOKIE, 0); h >= 0 && h < headers; h = request.find(COOKIE, h + 1)) {
            readHeader(stream, cookie, request, h);
        }
        tell(stream, cookie);
    }

    private void tell(Stream stream, StickyCookie cookie) {
        if (cookie.spec().isManaged()) {
            stream.termination().setCookies(clientFlag, serverFlag);
        }
    }

    /** The server that the cookie names and that the client may go to, or {@link Server#NONE}. */
    Server server() {
        return clientFlag == 'V' || clientFlag == 'D' ? named : Server.NONE;
    }

    private void readHeader(Stream stream, StickyCookie cookie, HttpMessage request, int header) {
        byte[] bytes = request.bytes();
        int start = request.valueOffset(header);
        int end = start + request.valueLength(header);
        byte[] kept = NO_BYTES;
        int keptLength = -1;
        int at = start;
        while (at < end) {
            int stop = indexOf(bytes, at, end, ';');
            int from = skipBlanks(bytes, at, stop);
            int equals = indexOf(bytes, from, stop, '=');
            boolean ours = equals < stop && isName(bytes, from, equals, cookie.name());
            int cutFrom = 0;
            int cutTo = 0;
            if (ours) {
                int value = skipBlanks(bytes, equals + 1, stop);
                int valueEnd = trim(bytes, value, stop);
                int tilde = cookie.spec().mode() == CookieSpec.Mode.PREFIX ? indexOf(bytes, value, valueEnd, '~') : valueEnd;
                judge(stream, cookie, bytes, value, tilde);
                if (cookie.spec().mode() == CookieSpec.Mode.INSERT && cookie.spec().indirect()) {
                    cutFrom = from;
                    cutTo = stop;
                } else if (tilde < valueEnd) {
                    cutFrom = value;
                    cutTo = tilde + 1;
                }
            }
            if (cutTo > 0 && keptLength < 0) {
                // The first thing to leave out: from here on the header is written anew.
                kept = new byte[end - start];
                keptLength = at - start;
                System.arraycopy(bytes, start, kept, 0, keptLength);
            }
            if (keptLength >= 0 && !(cutTo == stop && cutFrom == from && cutTo > 0)) {
                keptLength = keep(kept, keptLength, bytes, from, stop, cutFrom, cutTo);
            }
            at = stop + 1;
        }
        if (keptLength >= 0) {
            replace(request, header, kept, keptLength);
        }
    }

    /** Appends a pair, but for what is cut out of it. */
    private static int keep(byte[] kept, int length, byte[] bytes, int from, int stop, int cutFrom, int cutTo) {
        int to = length;
        while (to > 0 && (kept[to - 1] == ';' || kept[to - 1] == ' ')) {
            to--;
        }
        if (to > 0) {
            kept[to++] = ';';
            if (to < kept.length) {
                kept[to++] = ' ';
            }
        }
        int before = cutTo > 0 ? cutFrom - from : stop - from;
        int room = Math.min(before, kept.length - to);
        System.arraycopy(bytes, from, kept, to, room);
        to += room;
        if (cutTo > 0) {
            int rest = Math.min(stop - cutTo, kept.length - to);
            System.arraycopy(bytes, cutTo, kept, to, rest);
            to += rest;
        }
        return to;
    }

    private static void replace(HttpMessage request, int header, byte[] value, int length) {
        int end = length;
        while (end > 0 && (value[end - 1] == ';' || value[end - 1] == ' ')) {
            end--;
        }
        byte[] name = Arrays.copyOfRange(request.bytes(), request.nameOffset(header), request.nameOffset(header) + request.nameLength(header));
        request.remove(header);
        if (end > 0) {
            request.add(name, value, 0, end);
        }
    }

    /** What a value of the cookie means. The first one that names a server counts. */
    private void judge(Stream stream, StickyCookie cookie, byte[] bytes, int from, int to) {
        if (clientFlag == 'V' || clientFlag == 'U') {
            return;
        }
        int end = to;
        int last = StickyCookie.UNDATED;
        int born = StickyCookie.UNDATED;
        if (cookie.spec().mode() == CookieSpec.Mode.INSERT) {
            end = indexOf(bytes, from, to, '|');
            int second = indexOf(bytes, Math.min(end + 1, to), to, '|');
            last = StickyCookie.readDate(bytes, end + 1, second);
            born = StickyCookie.readDate(bytes, second + 1, to);
            int now = StickyCookie.date(stream.clock().requestBeginWallMillis);
            if (cookie.isIdle(last, now) || cookie.isTooOld(born, now)) {
                clientFlag = cookie.isIdle(last, now) ? 'E' : 'O';
                first = StickyCookie.UNDATED;
                return;
            }
            first = born;
            update = cookie.wantsUpdate(last, born, now);
        }
        Server server = cookie.find(bytes, from, end - from);
        if (stream.isPersistenceIgnored()) {
            clientFlag = 'U';
        } else if (server == Server.NONE) {
            clientFlag = 'I';
        } else if (server.acceptsPersistent()) {
            clientFlag = 'V';
            named = server;
        } else {
            clientFlag = 'D';
            named = stream.keepsServersThatAreDown() ? server : Server.NONE;
        }
    }

    /** The server that the cookie names could not be reached, and the client goes elsewhere. */
    void redispatched(HttpStream stream, StickyCookie cookie) {
        if (clientFlag == 'V') {
            clientFlag = 'D';
        }
        named = Server.NONE;
        tell(stream, cookie);
    }

    // ---- the response

    /** Looks at what the server sets, and sets what is missing. */
    void answer(HttpStream stream, StickyCookie cookie) {
        CookieSpec spec = cookie.spec();
        if (!spec.isManaged()) {
            return;
        }
        HttpMessage response = stream.response();
        boolean satisfied = stream.server() == named && named != Server.NONE;
        int headers = response.headerCount();
        for (int h = response.find(SET_COOKIE, 0); h >= 0 && h < headers; h = response.find(SET_COOKIE, h + 1)) {
            int start = response.valueOffset(h);
            int end = start + response.valueLength(h);
            int equals = indexOf(response.bytes(), start, end, '=');
            if (equals < end && isName(response.bytes(), start, equals, cookie.name())) {
                serversOwn(stream, cookie, response, h, equals);
            }
        }
        if (spec.mode() == CookieSpec.Mode.INSERT && serverFlag != 'P' && !stream.isPersistenceIgnored()
                && (!spec.postOnly() || stream.request().methodIs(POST)) && (!satisfied || update)) {
            insert(stream, cookie, response, satisfied);
        }
        tell(stream, cookie);
    }

    private void serversOwn(HttpStream stream, StickyCookie cookie, HttpMessage response, int header, int equals) {
        CookieSpec spec = cookie.spec();
        if (spec.preserve()) {
            serverFlag = 'P';
        } else if (spec.mode() == CookieSpec.Mode.INSERT || spec.indirect() && clientFlag == 'V') {
            response.remove(header);
            serverFlag = 'D';
        } else if (spec.mode() == CookieSpec.Mode.PASSIVE || cookie.value(stream.server()).length == 0) {
            serverFlag = 'P';
        } else {
            rewrite(cookie.value(stream.server()), spec.mode() == CookieSpec.Mode.PREFIX, response, header, equals);
            serverFlag = 'R';
        }
    }

    /** Puts a server's value in place of the cookie's, or before it. */
    private static void rewrite(byte[] server, boolean before, HttpMessage response, int header, int equals) {
        byte[] bytes = response.bytes();
        int start = response.valueOffset(header);
        int end = start + response.valueLength(header);
        int rest = before ? equals + 1 : indexOf(bytes, equals, end, ';');
        byte[] value = new byte[equals + 1 - start + server.length + (before ? 1 : 0) + end - rest];
        int at = equals + 1 - start;
        System.arraycopy(bytes, start, value, 0, at);
        System.arraycopy(server, 0, value, at, server.length);
        at += server.length;
        if (before) {
            value[at++] = '~';
        }
        System.arraycopy(bytes, rest, value, at, end - rest);
        response.remove(header);
        response.add(SET_COOKIE_NAME, value);
    }

    private void insert(HttpStream stream, StickyCookie cookie, HttpMessage response, boolean satisfied) {
        boolean cacheable = cookie.spec().nocache() && StoreCheck.mayBeStored(stream.request(), response);
        response.add(SET_COOKIE_NAME,
                cookie.line(stream.server(), first, StickyCookie.date(stream.clock().requestBeginWallMillis)));
        serverFlag = satisfied ? 'U' : 'I';
        if (cacheable) {
            response.add(CACHE_CONTROL, PRIVATE);
        }
    }

    // ---- text

    private static boolean isName(byte[] bytes, int from, int equals, byte[] name) {
        int end = equals;
        while (end > from && bytes[end - 1] == ' ') {
            end--;
        }
        return Arrays.equals(bytes, from, end, name, 0, name.length);
    }

    private static int indexOf(byte[] bytes, int from, int end, char c) {
        int at = from;
        while (at < end && bytes[at] != c) {
            at++;
        }
        return Math.min(at, Math.max(end, from));
    }

    private static int skipBlanks(byte[] bytes, int from, int end) {
        int at = from;
        while (at < end && (bytes[at] == ' ' || bytes[at] == '\t')) {
            at++;
        }
        return at;
    }

    private static int trim(byte[] bytes, int from, int end) {
        int at = end;
        while (at > from && (bytes[at - 1] == ' ' || bytes[at - 1] == '\t')) {
            at--;
        }
        return at;
    }
}
