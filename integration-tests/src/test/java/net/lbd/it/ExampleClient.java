package net.lbd.it;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.lbd.config.model.AddressSpec;
import net.lbd.config.model.BindSettings;
import net.lbd.config.model.BindSpec;
import net.lbd.config.model.DirectorSpec;
import net.lbd.config.model.FrontendSpec;
import net.lbd.config.model.PortSpec;
import net.lbd.config.model.ProxyMode;
import net.lbd.testkit.ClientTls;
import net.lbd.testkit.FarmCertificates;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.ReceivedMessage;

/** Speaks to each bind and director of an example as its users do, and wants one of the example's servers to answer. Used by one thread. */
final class ExampleClient {

    private static final List<String> SERVICES = List.of("/owa/", "/ecp/", "/ews/exchange.asmx", "/autodiscover/autodiscover.xml", "/oab/x",
            "/mapi/emsmdb/", "/rpc/rpcproxy.dll", "/Microsoft-Server-ActiveSync?Cmd=Ping");
    /** What an example keeps from an address. */
    private static final Map<String, Set<String>> DENIED =
            Map.of("ex2013-https-mixed-namespace.cfg 192.168.13.4", Set.of("/mapi/emsmdb/", "/rpc/rpcproxy.dll"));
    private static final Pattern HOST_NAMES = Pattern.compile("hdr(?:_dom|_beg)?\\(.*?[Hh]ost.*? -i ([a-z][a-z0-9.-]+)");

    private final ExampleText example;
    private final List<String> done = new ArrayList<>();

    ExampleClient(ExampleText example) {
        this.example = example;
    }

    /** On a machine of its own: for each line of input, a file, drives that example once. */
    public static void main(String[] words) throws IOException {
        Path dir = Path.of(words[0]);
        System.out.println("ready");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            ExampleClient client = new ExampleClient(new ExampleText(Path.of(line), dir, new FarmCertificates(dir)));
            try {
                client.drive();
                System.out.println("ok " + String.join(", ", client.done));
            } catch (IOException | RuntimeException | AssertionError e) {
                System.out.println("FAILED " + e.getMessage() + "; before that " + client.done);
            }
        }
    }

    List<String> done() {
        return done;
    }

    void drive() throws IOException {
        for (FrontendSpec frontend : example.configuration().frontends()) {
            for (BindSpec bind : frontend.binds()) {
                drive(frontend, bind);
            }
        }
        for (DirectorSpec director : example.configuration().directors()) {
            for (int port : director.ports()) {
                InetSocketAddress to = new InetSocketAddress(director.address(), port);
                if (port == 443 || port == 80) {
                    http("director " + director.name(), to, port == 443, SERVICES.get(0));
                } else {
                    converse(to, ExampleServers.TLS.contains(port), false);
                }
            }
        }
    }

    /** Where another program ends TLS in front of the example. */
    void behindTls(InetSocketAddress to) throws IOException {
        if (to.getPort() == 443) {
            for (String service : SERVICES) {
                http("stunnel", to, true, service);
            }
        } else {
            converse(to, true, false);
        }
    }

    private void drive(FrontendSpec frontend, BindSpec bind) throws IOException {
        if (!(bind.address() instanceof AddressSpec.Ip ip) || !(ip.port() instanceof PortSpec.Fixed fixed) || ip.address().isLoopbackAddress()) {
            return;
        }
        InetAddress address = ip.address().isAnyLocalAddress() ? Inet4Address.getByName("127.0.0.1") : ip.address();
        int port = fixed.port();
        boolean ends = bind.settings().get(BindSettings.SSL) && bind.settings().find(BindSettings.STARTTLS).isEmpty();
        boolean tls = ends || frontend.mode() == ProxyMode.TCP && ExampleServers.TLS.contains(port);
        InetSocketAddress to = new InetSocketAddress(address, port);
        if (frontend.mode() == ProxyMode.HTTP || port == 443 || port == 80) {
            for (String service : SERVICES) {
                http(frontend.name(), to, tls, service);
            }
        } else {
            converse(to, tls, bind.settings().find(BindSettings.STARTTLS).isPresent());
        }
    }

    /** @param own whether lbd greets by itself */
    private void converse(InetSocketAddress to, boolean tls, boolean own) throws IOException {
        int port = to.getPort();
        try (RawClient client = connect(to, tls)) {
            boolean greets = ExampleServers.GREETINGS.containsKey(port);
            if (!greets) {
                client.send("hello\n");
            }
            String answer = client.readUntil("\n").strip();
            String expected = greets ? ExampleServers.GREETINGS.get(port) : "";
            if (!answer.startsWith(expected) || !own && !example.servers().contains(answer.substring(expected.length()).split(" ")[0])) {
                throw new IOException(to + " answered '" + answer + "'");
            }
            done.add(port + (tls ? " over TLS" : "") + " by " + (own ? "lbd" : answer.substring(expected.length()).split(" ")[0]));
        }
    }

    private void http(String frontend, InetSocketAddress to, boolean tls, String target) throws IOException {
        Matcher names = HOST_NAMES.matcher(example.text());
        String host = names.find() ? names.group(1) : "mail.example.com";
        try (RawClient client = connect(to, tls)) {
            client.send("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\nAuthorization: Basic dTpw\r\nConnection: close\r\n\r\n");
            ReceivedMessage answer = client.readResponse();
            String status = Integer.toString(answer.status());
            String body = answer.bodyText();
            boolean served = answer.status() == 200 && example.servers().contains(body.split(" ")[0]) && body.contains(" " + target + "\r\n");
            boolean redirected = !tls && status.startsWith("30") && answer.header("Location").orElse("").startsWith("https://");
            boolean denied = status.equals("403") && DENIED.getOrDefault(example.name() + " " + to.getHostString(), Set.of()).contains(target);
            if (!served && !redirected && !denied) {
                throw new IOException(to + (tls ? " over TLS" : "") + " answered " + target + " with " + status + " (" + frontend + ") "
                        + body.lines().findFirst().orElse(""));
            }
            done.add(to.getPort() + target.split("[/?]")[1] + " " + (served ? body.split(" ")[0] : status));
        }
    }

    private static RawClient connect(InetSocketAddress to, boolean tls) {
        return tls ? RawClient.connectTls(to, ClientTls.trustAll().sni(FarmCertificates.SITE_NAME)) : RawClient.connect(to);
    }
}
