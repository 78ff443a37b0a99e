package net.lbd.cli.exchange.probe;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import net.lbd.cli.exchange.probe.Finding.Level;
import net.lbd.cli.exchange.probe.ProbeClient.Target;

/** The greeting of a mail port, and whether it offers STARTTLS. */
final class MailProbe {

    private final ProbeClient client;
    private final String host;
    private final String protocol;
    private final String where;
    private final Target target;

    MailProbe(ProbeClient client, String host, String protocol, String where, Target target) {
        this.client = client;
        this.host = host;
        this.protocol = protocol;
        this.where = where;
        this.target = target;
    }

    /** Asks; with {@code mustStart}, a port that does not offer STARTTLS is bad. */
    List<Finding> ask(boolean mustStart) {
        String subject = protocol.toUpperCase(Locale.ROOT) + " at " + target.text() + (target.tls() ? " with TLS" : "");
        String greeting = switch (protocol) {
            case "imap" -> "* OK";
            case "pop" -> "+OK";
            default -> "220";
        };
        String question = switch (protocol) {
            case "imap" -> "a CAPABILITY";
            case "pop" -> "CAPA";
            default -> "EHLO lbctl.invalid";
        };
        try {
            List<String> heard = client.converse(target, host, greeting, List.of(question));
            if (!heard.get(0).startsWith(greeting)) {
                return List.of(new Finding(where, subject, Level.BAD, "greets with '" + heard.get(0) + "'", "another service listens there, or the server refuses this address"));
            }
            if (target.tls()) {
                return List.of(Finding.good(where, subject, heard.get(0)));
            }
            boolean offers = heard.get(1).toUpperCase(Locale.ROOT).matches("(?s).*\\b(STARTTLS|STLS)\\b.*");
            if (offers) {
                return List.of(Finding.good(where, subject, heard.get(0) + " (offers STARTTLS)"));
            }
            return List.of(new Finding(where, subject, mustStart ? Level.BAD : Level.NOTE, heard.get(0) + " (no STARTTLS)",
                    mustStart ? "clients that must encrypt cannot log in: enable the certificate for the protocol (Enable-ExchangeCertificate -Services)"
                            : "passwords cross the network in the clear"));
        } catch (IOException e) {
            return List.of(new Finding(where, subject, Level.BAD, e.getMessage(), protocol.equals("smtp") ? "start the transport service, and let this machine through the firewall"
                    : "both services of the protocol are stopped after the installation: start them"));
        }
    }
}
