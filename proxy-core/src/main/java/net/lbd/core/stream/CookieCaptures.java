package net.lbd.core.stream;

import java.util.Optional;
import net.lbd.config.model.CookieCapture;
import net.lbd.core.http.Ascii;
import net.lbd.core.http.HttpMessage;
import net.lbd.core.sample.ConfiguredText;

/**
 * What {@code capture cookie} of the frontend kept of one exchange: the first cookie, in each direction, whose name and value with
 * the equals sign between them begin with the configured text. The arrays are made once for each client connection, when first
 * needed. Event-loop confined. Source: HAProxy manual, "capture cookie".
 */
final class CookieCaptures {

    private static final byte[] COOKIE = Ascii.bytes("cookie");
    private static final byte[] SET_COOKIE = Ascii.bytes("set-cookie");
    private static final byte[] NONE = {};

    private final Optional<CookieCapture> spec;
    private final byte[] beginning;
    private byte[] request = NONE;
    private byte[] response = NONE;
    private int requestLength = -1;
    private int responseLength = -1;

    CookieCaptures(Optional<CookieCapture> spec) {
        this.spec = spec;
        this.beginning = spec.map(s -> ConfiguredText.bytes(s.beginning())).orElse(NONE);
    }

    void clear() {
        requestLength = -1;
        responseLength = -1;
    }

    void takeRequest(HttpMessage head) {
        if (spec.isPresent() && requestLength < 0) {
            for (int h = head.find(COOKIE, 0); h >= 0 && requestLength < 0; h = head.find(COOKIE, h + 1)) {
                takeRequest(head.bytes(), head.valueOffset(h), head.valueOffset(h) + head.valueLength(h));
            }
        }
    }

    private void takeRequest(byte[] bytes, int start, int end) {
        int at = start;
        while (at < end && requestLength < 0) {
            while (at < end && (bytes[at] == ' ' || bytes[at] == '\t')) {
                at++;
            }
            int stop = at;
            while (stop < end && bytes[stop] != ';') {
                stop++;
            }
            if (begins(bytes, at, stop)) {
                request = room(request);
                requestLength = copy(bytes, at, stop, request);
            }
            at = stop + 1;
        }
    }

    void takeResponse(HttpMessage head) {
        if (spec.isEmpty() || responseLength >= 0) {
            return;
        }
        for (int h = head.find(SET_COOKIE, 0); h >= 0 && responseLength < 0; h = head.find(SET_COOKIE, h + 1)) {
            int start = head.valueOffset(h);
            int end = start;
            while (end < start + head.valueLength(h) && head.bytes()[end] != ';') {
                end++;
            }
            if (begins(head.bytes(), start, end)) {
                response = room(response);
                responseLength = copy(head.bytes(), start, end, response);
            }
        }
    }

    private boolean begins(byte[] bytes, int from, int to) {
        if (to - from < beginning.length) {
            return false;
        }
        for (int i = 0; i < beginning.length; i++) {
            if (bytes[from + i] != beginning[i]) {
                return false;
            }
        }
        return true;
    }

    private byte[] room(byte[] present) {
        return present.length > 0 ? present : new byte[spec.orElseThrow().lengthBytes()];
    }

    private static int copy(byte[] bytes, int from, int to, byte[] target) {
        int length = Math.min(to - from, target.length);
        System.arraycopy(bytes, from, target, 0, length);
        return length;
    }

    byte[] bytes(boolean ofRequest) {
        return ofRequest ? request : response;
    }

    /** -1: there was none. */
    int length(boolean ofRequest) {
        return ofRequest ? requestLength : responseLength;
    }
}
