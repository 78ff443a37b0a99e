package net.lbd.core.http;

import java.util.Arrays;

/**
 * The rules about Host that a parsed request must keep before anything routes by it. Pure functions.
 * Source: RFC 9112 §3.2.
 */
public final class RequestCheck {

    private RequestCheck() { }

    /** {@link Defect#NONE} if exactly one valid Host is there (none is needed in HTTP/1.0) and fits the target. */
    public static Defect host(HttpMessage request) {
        int host = request.find(KnownHeader.HOST, 0);
        if (host < 0) {
            return request.isAtLeast11() ? Defect.MISSING_HOST : Defect.NONE;
        }
        if (request.find(KnownHeader.HOST, host + 1) >= 0) {
            return Defect.DUPLICATE_HOST;
        }
        byte[] bytes = request.bytes();
        int at = request.valueOffset(host);
        int length = request.valueLength(host);
        if (!HostSyntax.isHost(bytes, at, length)) {
            return Defect.BAD_HOST;
        }
        if (bytes[request.targetOffset()] == '/') {
            return Defect.NONE;
        }
        return fitsTarget(request, at, length) ? Defect.NONE : Defect.HOST_MISMATCH;
    }

    /**
     * The same where unsafe messages are taken: no Host is needed, lines that say the same are one, and its value may be anything that
     * is no list. Two that differ stay refused, and one that contradicts the target: a rule and a server would believe different ones.
     */
    public static Defect unsafeHost(HttpMessage request) {
        int host = request.find(KnownHeader.HOST, 0);
        if (host < 0) {
            return Defect.NONE;
        }
        byte[] bytes = request.bytes();
        int at = request.valueOffset(host);
        int length = request.valueLength(host);
        for (int i = request.find(KnownHeader.HOST, host + 1); i >= 0; i = request.find(KnownHeader.HOST, i + 1)) {
            int other = request.valueOffset(i);
            if (!Arrays.equals(bytes, at, at + length, bytes, other, other + request.valueLength(i))) {
                return Defect.DUPLICATE_HOST;
            }
            request.remove(i);
        }
        return bytes[request.targetOffset()] == '/' || fitsTarget(request, at, length) ? Defect.NONE : Defect.HOST_MISMATCH;
    }

    private static boolean fitsTarget(HttpMessage request, int host, int hostLength) {
        TargetForm form = TargetForm.of(request);
        if (form != TargetForm.ABSOLUTE && form != TargetForm.AUTHORITY) {
            return true;
        }
        int authority = form == TargetForm.AUTHORITY ? request.targetOffset() : TargetForm.authorityOffset(request);
        int length = form == TargetForm.AUTHORITY
                ? request.targetLength()
                : TargetForm.authorityLength(request, authority);
        if (length != hostLength) {
            return false;
        }
        byte[] bytes = request.bytes();
        for (int i = 0; i < length; i++) {
            if (Ascii.lower(bytes[authority + i]) != Ascii.lower(bytes[host + i])) {
                return false;
            }
        }
        return true;
    }
}
