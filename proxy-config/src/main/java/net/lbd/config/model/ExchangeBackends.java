package net.lbd.config.model;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Which backend is which service of Exchange: told by the targets of its check, else by the ports of its servers, else by its name.
 * Stateless.
 */
public final class ExchangeBackends {

    private ExchangeBackends() { }

    /** The services of a backend; none if it has nothing to do with Exchange. */
    public static Set<String> services(BackendSpec backend) {
        Set<String> found = new LinkedHashSet<>();
        for (CheckStep step : backend.check().steps()) {
            if (step instanceof CheckStep.HttpSend send) {
                ExchangeService.ofPath(send.uri()).map(ExchangeService::title).ifPresent(found::add);
            } else if (step instanceof CheckStep.TcpSend send) {
                String[] words = send.data().text().split(" ");
                if (words.length > 1) {
                    ExchangeService.ofPath(words[1]).map(ExchangeService::title).ifPresent(found::add);
                }
            } else if (step instanceof CheckStep.Connect connect) {
                connect.port().flatMap(ExchangeBackends::mail).ifPresent(found::add);
            }
        }
        if (found.isEmpty()) {
            for (ServerSpec server : backend.servers()) {
                server.settings().find(ServerSettings.CHECK_PORT).or(() -> port(server.address()))
                        .flatMap(ExchangeBackends::mail).ifPresent(found::add);
            }
        }
        if (found.isEmpty()) {
            byName(backend.name()).ifPresent(found::add);
        }
        return found;
    }

    private static Optional<Integer> port(AddressSpec address) {
        PortSpec port = address instanceof AddressSpec.Ip ip ? ip.port() : address instanceof AddressSpec.Host host ? host.port() : PortSpec.NONE;
        return port instanceof PortSpec.Fixed fixed ? Optional.of(fixed.port()) : Optional.empty();
    }

    private static Optional<String> mail(int port) {
        return switch (port) {
            case 25, 465, 587 -> Optional.of("SMTP");
            case 110, 995 -> Optional.of("POP3");
            case 143, 993 -> Optional.of("IMAP4");
            default -> Optional.empty();
        };
    }

    private static Optional<String> byName(String backend) {
        String name = backend.toLowerCase(Locale.ROOT);
        if (name.endsWith("_oa") || name.contains("outlook_anywhere")) {
            return Optional.of(ExchangeService.RPC.title());
        }
        if (name.contains("activesync") || name.endsWith("_eas") || name.endsWith("_as")) {
            return Optional.of(ExchangeService.ACTIVESYNC.title());
        }
        for (String mail : List.of("imap", "pop", "smtp")) {
            if (name.matches(".*(^|[_-])" + mail + "s?[0-9]?([_-]|$).*")) {
                return Optional.of(mail.equals("imap") ? "IMAP4" : mail.equals("pop") ? "POP3" : "SMTP");
            }
        }
        for (ExchangeService service : ExchangeService.values()) {
            if (name.matches(".*(^|[_-])" + service.name().toLowerCase(Locale.ROOT) + "([_-]|$).*")) {
                return Optional.of(service.title());
            }
        }
        return Optional.empty();
    }
}
