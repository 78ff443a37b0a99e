package net.lbd.core.runtime;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.lbd.config.model.AddressSpec;
import net.lbd.config.model.BackendSpec;
import net.lbd.config.model.MailersSpec;
import net.lbd.config.model.ProxySettings;
import net.lbd.config.model.Setting;
import net.lbd.config.model.Settings;
import net.lbd.config.syntax.Code;
import net.lbd.core.mail.MailAlerts;
import net.lbd.core.mail.MailSender;

/** The mails of backends. Used by one thread; looks the names of mail servers up. */
final class MailCompiler {

    private static final List<Setting<?>> ALL = List.of(ProxySettings.EMAIL_ALERT_FROM, ProxySettings.EMAIL_ALERT_LEVEL,
            ProxySettings.EMAIL_ALERT_MAILERS, ProxySettings.EMAIL_ALERT_MYHOSTNAME, ProxySettings.EMAIL_ALERT_TO);

    private final List<MailersSpec> sections;
    private final Optional<MailSender> sender;
    private final String hostname;
    private final Problems problems;

    /** @param sender empty: nothing is sent, as the configuration is only shown */
    MailCompiler(List<MailersSpec> sections, Optional<MailSender> sender, String hostname, Problems problems) {
        this.sections = sections;
        this.sender = sender;
        this.hostname = hostname;
        this.problems = problems;
    }

    /** Empty for a backend that sends none. */
    Optional<MailAlerts> of(BackendSpec backend) {
        Settings settings = backend.settings();
        if (ALL.stream().noneMatch(settings::isSet)) {
            return Optional.empty();
        }
        Optional<String> from = settings.find(ProxySettings.EMAIL_ALERT_FROM);
        Optional<String> to = settings.find(ProxySettings.EMAIL_ALERT_TO);
        Optional<MailersSpec> section = settings.find(ProxySettings.EMAIL_ALERT_MAILERS)
                .flatMap(name -> sections.stream().filter(s -> s.name().equals(name)).findFirst());
        if (from.isEmpty() || to.isEmpty() || section.isEmpty()) {
            problems.warning(Code.NO_EFFECT.id(), backend.location(), "backend '" + backend.name()
                    + "' sends no mails: 'email-alert from', 'email-alert to' and 'email-alert mailers' must all be there", "");
            return Optional.empty();
        }
        List<MailAlerts.Mailer> mailers = new ArrayList<>();
        for (MailersSpec.Mailer mailer : section.get().mailers()) {
            address(mailer, section.get()).ifPresent(address -> mailers.add(new MailAlerts.Mailer(mailer.name(), address)));
        }
        return sender.map(s -> new MailAlerts(s, mailers, section.get().timeout(),
                settings.find(ProxySettings.EMAIL_ALERT_MYHOSTNAME).orElse(hostname), from.get(), to.get(),
                settings.get(ProxySettings.EMAIL_ALERT_LEVEL)));
    }

    private Optional<InetSocketAddress> address(MailersSpec.Mailer mailer, MailersSpec section) {
        int port = SocketAddresses.port(mailer.address()).orElse(0);
        if (mailer.address() instanceof AddressSpec.Ip ip) {
            return Optional.of(new InetSocketAddress(ip.address(), port));
        }
        if (mailer.address() instanceof AddressSpec.Host host) {
            try {
                return Optional.of(new InetSocketAddress(InetAddress.getByName(host.name()), port));
            } catch (UnknownHostException e) {
                problems.error(Problems.RESOLVE, section.location(), "mailer '" + mailer.name() + "': the name '" + host.name()
                        + "' cannot be resolved", "");
                return Optional.empty();
            }
        }
        problems.error(Problems.UNSUPPORTED, section.location(), "mailer '" + mailer.name() + "': '" + mailer.address().text()
                + "' is neither an IP address nor a name", "");
        return Optional.empty();
    }
}
