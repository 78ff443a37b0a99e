package net.lbd.testkit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * What {@code ./quickstart --check} asks of the running proxy, in Java so that it needs no curl: the
 * eight routes and the default one over verified TLS, the denied check page, both redirects. Prints a
 * line for each; exit code 1 when one failed.
 *
 * <p>{@code QuickstartCheck FOLDER HTTP-PORT HTTPS-PORT}, the folder that of {@link FarmCertificates}.
 */
public final class QuickstartCheck {

    private final int httpPort;
    private final int httpsPort;
    private final ClientTls tls;
    private final List<String> failures = new ArrayList<>();

    private QuickstartCheck(int httpPort, int httpsPort, ClientTls tls) {
        this.httpPort = httpPort;
        this.httpsPort = httpsPort;
        this.tls = tls;
    }

    public static void main(String[] args) throws IOException {
        if (args.length != 3) {
            System.err.println("usage: QuickstartCheck FOLDER HTTP-PORT HTTPS-PORT");
            System.exit(2);
        }
        ClientTls tls = FarmCertificates.in(Path.of(args[0])).client()
                .verifying(FarmCertificates.SITE_NAME);
        QuickstartCheck check = new QuickstartCheck(Integer.parseInt(args[1]), Integer.parseInt(args[2]), tls);
        check.run();
        System.exit(check.failures.isEmpty() ? 0 : 1);
    }

    private void run() {
        for (ExchangeService service : ExchangeService.values()) {
            secure(service.path(), "200 from service " + service, r -> r.status() == 200
                    && r.bodyText().contains("service: " + service + "\n")
                    && r.bodyText().contains("x-forwarded-for: 127.0.0.1\n"));
        }
        secure("/other", "200 from the default backend",
                r -> r.status() == 200 && r.bodyText().contains("service: none\n"));
        secure("/owa/?s=1000000", "200 with 1000000 bytes", r -> r.status() == 200 && r.body().length == 1_000_000);
        secure("/owa/HealthCheck.htm", "403", r -> r.status() == 403);
        secure("/", "302 to /owa/", r -> r.status() == 302 && r.header("Location").orElse("").equals("/owa/"));
        String target = "https://" + FarmCertificates.SITE_NAME + ":" + httpsPort + "/owa/?x=1";
        try (RawClient client = RawClient.connect(httpPort)) {
            expect("http", "/owa/?x=1", "302 to " + target, client, r -> r.status() == 302
                    && r.header("Location").orElse("").equals(target));
        }
    }

    private void secure(String path, String wanted, Predicate<ReceivedMessage> holds) {
        try (RawClient client = RawClient.connectTls(httpsPort, tls)) {
            expect("https", path, wanted, client, holds);
        }
    }

    private void expect(
            String scheme, String path, String wanted, RawClient client,
            Predicate<ReceivedMessage> holds) {
        client.send("GET " + path + " HTTP/1.1\r\nHost: " + FarmCertificates.SITE_NAME + "\r\n\r\n");
        ReceivedMessage response = client.readResponse();
        boolean ok = holds.test(response);
        System.out.println((ok ? "ok      " : "FAILED  ") + scheme + " " + path + ": " + wanted
                + (ok ? "" : ", but got:\n" + response));
        if (!ok) {
            failures.add(path);
        }
    }
}
