package net.lbd.config.model;

import java.time.Duration;
import java.util.Optional;

/** The HTTP services of Exchange, by the folder that their targets begin with. */
public enum ExchangeService {
    ACTIVESYNC("/microsoft-server-activesync", Duration.ofMinutes(15), "ActiveSync"),
    AUTODISCOVER("/autodiscover", Duration.ZERO, "Autodiscover"),
    ECP("/ecp", Duration.ZERO, "ECP"),
    EWS("/ews", Duration.ZERO, "EWS"),
    MAPI("/mapi", Duration.ofMinutes(10), "MAPI over HTTP"),
    OAB("/oab", Duration.ZERO, "OAB"),
    OWA("/owa", Duration.ZERO, "OWA"),
    POWERSHELL("/powershell", Duration.ZERO, "PowerShell"),
    RPC("/rpc", Duration.ofMinutes(10), "Outlook Anywhere");

    private static final ExchangeService[] ALL = values();

    private final String folder;
    private final Duration longestPoll;
    private final String title;

    ExchangeService(String folder, Duration longestPoll, String title) {
        this.folder = folder;
        this.longestPoll = longestPoll;
        this.title = title;
    }

    /** How long a healthy request may stay without an answer; zero for services that answer at once. */
    public Duration longestPoll() {
        return longestPoll;
    }

    /** As people call it. */
    public String title() {
        return title;
    }

    /** The service of a target or of the beginning of one. */
    public static Optional<ExchangeService> ofPath(String path) {
        if (path.length() < 2 || path.charAt(0) != '/') {
            return Optional.empty();
        }
        char letter = Character.toLowerCase(path.charAt(1));
        for (ExchangeService service : ALL) {
            int length = service.folder.length();
            if (letter == service.folder.charAt(1) && path.regionMatches(true, 0, service.folder, 0, length) && (path.length() == length || path.charAt(length) == '/')) {
                return Optional.of(service);
            }
        }
        return Optional.empty();
    }
}
