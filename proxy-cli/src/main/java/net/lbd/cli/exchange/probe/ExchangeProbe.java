package net.lbd.cli.exchange.probe;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.lbd.cli.exchange.Site;
import net.lbd.cli.exchange.Site.HttpMode;
import net.lbd.cli.exchange.Site.Mail;
import net.lbd.cli.exchange.Site.Server;
import net.lbd.cli.exchange.probe.ProbeClient.Target;

/** Asks the virtual address and every server of a site what its clients will ask. */
public final class ExchangeProbe {

    private static final int AT_ONCE = 8;

    private ExchangeProbe() { }

    /**
     * Everything that the form publishes, the virtual address first.
     *
     * @param timeout for a connection, and for each read
     */
    public static List<Finding> of(Site site, Duration timeout) throws InterruptedException {
        ProbeClient client = new ProbeClient(timeout);
        List<Callable<List<Finding>>> tasks = new ArrayList<>();
        if (site.http().mode() != HttpMode.DISABLED) {
            tasks.add(() -> http(site, client));
        }
        mail(tasks, client, site, "imap", site.imap(), site.servers());
        mail(tasks, client, site, "pop", site.pop(), site.servers());
        mail(tasks, client, site, "smtp", site.smtp(), site.hubs());
        ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE, task -> {
            Thread thread = new Thread(task, "exchange-probe");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Finding> findings = new ArrayList<>();
            for (Future<List<Finding>> future : pool.invokeAll(tasks)) {
                findings.addAll(future.get());
            }
            return findings;
        } catch (ExecutionException e) {
            throw new IllegalStateException("the probe itself failed", e.getCause());
        } finally {
            pool.shutdownNow();
        }
    }

    private static List<Finding> http(Site site, ProbeClient client) {
        Target front = new Target(site.http().address(), site.http().port(), true);
        HttpProbe virtual = new HttpProbe(site, client, "virtual address", front, site.http().mode().seesRequests());
        List<Finding> findings = new ArrayList<>(virtual.ask());
        findings.addAll(new RedirectProbe(site, client, new Target(site.http().address(), site.http().clearPort(), false)).ask());
        boolean tls = site.http().mode() != HttpMode.OFFLOAD;
        for (Server server : site.servers()) {
            HttpProbe own = new HttpProbe(site, client, server.name(), new Target(server.address(), site.http().serverPort(), tls), false);
            findings.addAll(own.ask());
            findings.addAll(virtual.compare(own));
        }
        return findings;
    }

    private static void mail(List<Callable<List<Finding>>> tasks, ProbeClient client, Site site, String protocol, Mail mail, List<Server> servers) {
        boolean starttls = protocol.equals("smtp") && (mail.tlsPort() == 587 || mail.tlsPort() == 25);
        if (mail.mode().clear()) {
            tasks.add(() -> new MailProbe(client, site.name(), protocol, "virtual address", new Target(mail.address(), mail.clearPort(), false)).ask(false));
            servers.forEach(s -> tasks.add(() -> new MailProbe(client, site.name(), protocol, s.name(), new Target(s.address(), mail.clearPort(), false)).ask(false)));
        }
        if (mail.mode().forward() || mail.mode().offload()) {
            tasks.add(() -> new MailProbe(client, site.name(), protocol, "virtual address", new Target(mail.address(), mail.tlsPort(), !starttls)).ask(starttls));
            int port = mail.mode().forward() ? mail.tlsPort() : mail.offloadPort();
            boolean tls = mail.mode().forward() && !starttls;
            servers.forEach(s -> tasks.add(() -> new MailProbe(client, site.name(), protocol, s.name(), new Target(s.address(), port, tls))
                    .ask(mail.mode().forward() && starttls)));
        }
    }
}
