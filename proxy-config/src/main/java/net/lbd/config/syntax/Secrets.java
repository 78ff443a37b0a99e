package net.lbd.config.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes passwords out of what is told about the lines that hold them: checks are run by many and end in logs and tickets. Each character
 * becomes an asterisk, so that carets stay under their words. Of a password with a blank in it the rest counts as well. Stateless.
 */
public final class Secrets {

    /** What stands for a secret where no caret does: it does not tell even the length. */
    public static final String HIDDEN = "***";

    /** The last group of what matches is the secret. */
    private static final List<Pattern> HOLDERS = List.of(
            Pattern.compile("^\\s*stats\\s+auth\\s+[^:\\s]*:(.*)"),
            Pattern.compile("^\\s*user\\s+\\S+.*?\\s(?:insecure-)?password\\s+(\\S+)"),
            Pattern.compile("^\\s*(?:dynamic-cookie-key|cluster-secret)\\s+(.*)"),
            Pattern.compile("\\sca-sign-pass\\s+(\\S+)"));
    private static final List<String> ALL_IS_SECRET = List.of("dynamic-cookie-key", "cluster-secret");
    private static final List<String> HEADER_BEFORE_VALUE = List.of("hdr", "set-header", "add-header", "replace-header");
    private static final List<String> CREDENTIALS = List.of("authorization", "proxy-authorization", "cookie");
    /** Keys of converters, credentials in requests of checks. */
    private static final List<Pattern> INSIDE_WORDS = List.of(
            Pattern.compile("((?:hmac|aes_gcm_dec|jwt_verify)\\([^,()]*,)[^()]*"),
            Pattern.compile("(?i)(authorization:\\s*)[^\\r\\n]+"),
            Pattern.compile("(?i)(^(?:auth|pass|login)\\s+)[^\\r\\n]+"));
    /** A shorter secret is taken out of sentences only where it stands as a word of its own. */
    private static final int LONG = 4;

    private Secrets() { }

    /** A line of a file. */
    static String ofLine(String line) {
        String masked = line;
        for (Pattern holder : HOLDERS) {
            Matcher found = holder.matcher(line);
            if (found.find()) {
                masked = line.substring(0, found.start(1)) + stars(found.group(1)) + line.substring(found.end(1));
            }
        }
        return masked;
    }

    /**
     * The words of a line, for those who may see the configuration but not its secrets: besides what {@link #ofLine} takes out, values
     * of {@code setenv}, keys of converters, and the credentials that checks and rules send.
     */
    public static List<String> ofWords(List<String> words) {
        List<String> masked = new ArrayList<>(words);
        String first = words.get(0);
        String second = words.size() > 1 ? words.get(1) : "";
        if (first.equals("stats") && second.equals("auth")) {
            hideFrom(masked, 2);
            if (words.size() > 2 && words.get(2).indexOf(':') >= 0) {
                masked.set(2, words.get(2).substring(0, words.get(2).indexOf(':') + 1) + HIDDEN);
            }
        } else if (ALL_IS_SECRET.contains(first)) {
            hideFrom(masked, 1);
        } else if (first.equals("setenv") || first.equals("presetenv") || first.equals("tcp-check") && second.startsWith("send-binary")) {
            hideFrom(masked, 2);
        }
        for (int i = 1; i < words.size(); i++) {
            String before = words.get(i - 1);
            boolean password = first.equals("user") && i > 2 && (before.equals("password") || before.equals("insecure-password"));
            boolean header = i > 1 && CREDENTIALS.contains(before.toLowerCase(Locale.ROOT)) && HEADER_BEFORE_VALUE.contains(words.get(i - 2));
            if (password || header || before.equals("ca-sign-pass")) {
                masked.set(i, HIDDEN);
            }
            for (Pattern inside : INSIDE_WORDS) {
                masked.set(i, inside.matcher(masked.get(i)).replaceAll("$1" + Matcher.quoteReplacement(HIDDEN)));
            }
        }
        return masked;
    }

    private static void hideFrom(List<String> words, int from) {
        for (int i = from; i < words.size(); i++) {
            words.set(i, HIDDEN);
        }
    }

    /** A sentence about a line. */
    static String ofMessage(String message, String line) {
        String masked = message;
        for (String secret : in(line)) {
            masked = secret.length() >= LONG ? masked.replace(secret, stars(secret)) : masked.replace("'" + secret + "'", "'" + stars(secret) + "'");
        }
        return masked;
    }

    private static List<String> in(String line) {
        List<String> secrets = new ArrayList<>();
        for (Pattern holder : HOLDERS) {
            Matcher found = holder.matcher(line);
            if (found.find()) {
                for (String word : found.group(1).strip().split("[\\s\"']+")) {
                    if (!word.isEmpty()) {
                        secrets.add(word);
                    }
                }
            }
        }
        return secrets;
    }

    private static String stars(String text) {
        return text.replaceAll("\\S", "*");
    }
}
