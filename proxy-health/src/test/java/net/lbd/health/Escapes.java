package net.lbd.health;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The notation for bytes in the tables that observe.py writes. */
public final class Escapes {

    private static final Pattern REPEAT = Pattern.compile("\\*(\\d+)\\{(.*?)\\}");

    private Escapes() { }

    public static byte[] bytes(String text) {
        Matcher repeat = REPEAT.matcher(text);
        String all = repeat.replaceAll(m -> Matcher.quoteReplacement(m.group(2).repeat(Integer.parseInt(m.group(1)))));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < all.length(); i++) {
            char c = all.charAt(i);
            if (c != '\\') {
                out.write(c);
                continue;
            }
            c = all.charAt(++i);
            switch (c) {
                case 'r' -> out.write('\r');
                case 'n' -> out.write('\n');
                case 't' -> out.write('\t');
                case 'x' -> {
                    out.write(Integer.parseInt(all.substring(i + 1, i + 3), 16));
                    i += 2;
                }
                default -> throw new IllegalArgumentException("no such escape: \\" + c);
            }
        }
        return out.toByteArray();
    }

    /** As {@link net.lbd.health.check.CheckResult#info} gives them: a character for each byte. */
    public static String text(String text) {
        return new String(bytes(text), StandardCharsets.ISO_8859_1);
    }
}
