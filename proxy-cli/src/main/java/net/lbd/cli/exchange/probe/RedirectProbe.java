package net.lbd.cli.exchange.probe;

import java.io.IOException;
import java.util.List;
import net.lbd.cli.exchange.Site;
import net.lbd.cli.exchange.Site.Service;
import net.lbd.cli.exchange.probe.Finding.Level;
import net.lbd.cli.exchange.probe.ProbeClient.Answer;
import net.lbd.cli.exchange.probe.ProbeClient.Target;

/** Port 80 of the virtual address: Autodiscover's last resort, and those who type a name without https (MS-OXDISCO, section 3.1.5.4). */
final class RedirectProbe {

    private final Site site;
    private final ProbeClient client;
    private final Target target;

    RedirectProbe(Site site, ProbeClient client, Target target) {
        this.site = site;
        this.client = client;
        this.target = target;
    }

    List<Finding> ask() {
        if (site.http().mode().layer4() || target.port() == site.http().port()) {
            return List.of();
        }
        String path = "/Autodiscover/Autodiscover.xml";
        try {
            Answer answer = client.request(target, site.nameOf(Service.AUTODISCOVER), "GET", path);
            String to = answer.header("Location").stream().findFirst().orElse("nowhere");
            boolean good = answer.status() == 302 && to.startsWith("https://" + site.nameOf(Service.AUTODISCOVER));
            return List.of(new Finding("virtual address", "GET http://" + target.text() + path, good ? Level.GOOD : Level.WARNING,
                    "answers " + answer.status() + " to " + to, good ? "" : "Autodiscover follows a 302 to https only"));
        } catch (IOException e) {
            return List.of(new Finding("virtual address", "GET http://" + target.text() + path, Level.WARNING, e.getMessage(),
                    "users who type the name without https get nothing"));
        }
    }
}
