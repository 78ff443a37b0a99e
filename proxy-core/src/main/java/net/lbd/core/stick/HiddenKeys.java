package net.lbd.core.stick;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Stands for keys that are credentials where they are shown: the same key looks the same as long as the process runs, and
 * nobody can try passwords against it, as what it is made with is never told. Stateless but for that.
 */
public final class HiddenKeys {

    private static final String PREFIX = "hidden:";
    private static final int SHOWN_BYTES = 8;
    private static final SecretKeySpec SECRET = secret();

    private HiddenKeys() { }

    private static SecretKeySpec secret() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return new SecretKeySpec(bytes, "HmacSHA256");
    }

    public static String of(byte[] key) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(SECRET);
            return PREFIX + HexFormat.of().formatHex(mac.doFinal(key), 0, SHOWN_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }

    public static boolean isHidden(String text) {
        return text.startsWith(PREFIX);
    }
}
