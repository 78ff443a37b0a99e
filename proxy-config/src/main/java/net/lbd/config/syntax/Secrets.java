package net.lbd.config.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes passwords out of what is told about the lines that hold them: checks are run by many and end in logs and tickets. Each character
 * becomes an asterisk, so that carets stay under their words. Of a password with a blank in it the rest counts as well. Stateless.
 */
final class Secrets {

    /** The last group of what matches is the secret. */
    private static final List<Pattern> HOLDERS = List.of(
            Pattern.compile("^\\s*stats\\s+auth\\s+[^:\\s]*:(.*)"),
            Pattern.compile("^\\s*user\\s+\\S+.*?\\s(?:insecure-)?password\\s+(\\S+)"),
            Pattern.compile("^\\s*(?:dynamic-cookie-key|cluster-secret)\\s+(.*)"),
            Pattern.compile("\\sca-sign-pass\\s+(\\S+)"));
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
