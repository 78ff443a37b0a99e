package net.lbd.core.http;

import net.lbd.config.model.OddHeaderNames;

/**
 * {@code option http-restrict-req-hdr-names}: headers whose names have more than letters, digits and hyphens, which some servers read as
 * others. Pure functions.
 */
public final class OddNames {

    private OddNames() { }

    /** @return whether the request may pass; what is to be left out has been */
    public static boolean allow(HttpMessage request, OddHeaderNames choice) {
        if (choice == OddHeaderNames.PRESERVE) {
            return true;
        }
        for (int i = 0; i < request.headerCount(); i++) {
            if (!request.isRemoved(i) && isOdd(request.bytes(), request.nameOffset(i), request.nameLength(i))) {
                if (choice == OddHeaderNames.REJECT) {
                    return false;
                }
                request.remove(i);
            }
        }
        return true;
    }

    private static boolean isOdd(byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            byte lower = Ascii.lower(bytes[i]);
            if ((lower < 'a' || lower > 'z') && (lower < '0' || lower > '9') && lower != '-') {
                return true;
            }
        }
        return false;
    }
}
