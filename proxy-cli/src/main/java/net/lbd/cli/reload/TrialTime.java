package net.lbd.cli.reload;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How long a reload may wait to be confirmed: from a second to a day, with its unit, so that none is guessed. Stateless. */
public final class TrialTime {

    /** What is accepted, for messages. */
    public static final String FORM = "such as 60s, 5m or 1h (1s to 24h)";

    private static final Pattern TIME = Pattern.compile("([0-9]{1,5})([smh])");
    private static final Duration LONGEST = Duration.ofHours(24);

    private TrialTime() { }

    /** Empty if it is none. */
    public static Optional<Duration> parse(String text) {
        Matcher time = TIME.matcher(text);
        if (!time.matches()) {
            return Optional.empty();
        }
        long n = Long.parseLong(time.group(1));
        Duration duration = switch (time.group(2)) {
            case "s" -> Duration.ofSeconds(n);
            case "m" -> Duration.ofMinutes(n);
            default -> Duration.ofHours(n);
        };
        return Optional.of(duration).filter(d -> !d.isZero() && d.compareTo(LONGEST) <= 0);
    }
}
