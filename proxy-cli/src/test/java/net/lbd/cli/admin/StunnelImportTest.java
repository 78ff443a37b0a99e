package net.lbd.cli.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import net.lbd.cli.command.SocketLocations;
import net.lbd.config.ConfigurationLoader;
import net.lbd.config.Environment;
import net.lbd.config.LoadResult;
import net.lbd.testkit.TestCertificates;
import net.lbd.testkit.TestCertificates.KeyKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StunnelImportTest {

    @TempDir
    private Path dir;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String text) throws Exception {
        Path file = Files.writeString(dir.resolve("stunnel.conf"), text);
        Terminal terminal = new Terminal(new PrintWriter(out, true), new PrintWriter(err, true), false);
        return Lbctl.run(SocketLocations.only(dir.resolve("no.sock")), terminal, "import", "stunnel", file.toString());
    }

    /** The sections of the Exchange 2010 guide, 3.2.1, and their link to the frontend of the web services. */
    @Test
    void theGuidesSectionsBecomeListenSectionsThatLoad() throws Exception {
        TestCertificates.create().server(KeyKind.RSA, "mail.xlc.local").writePem(dir.resolve("crt.pem"));
        assertThat(run("""
                ; ALOHA
                pid = /var/run/stunnel.pid
                client = no
                [ssl_exchange_pop]
                  key = %1$s/key.pem
                  cert = %1$s/crt.pem
                  accept = 127.0.0.1:12995
                  connect = 10.0.0.15:110
                  connect = 10.0.0.16:110
                [ssl_exchange_web]
                  cert = %1$s/crt.pem
                  accept = 127.0.0.1:12443
                  connect = /ssl:web
                  protocol = proxy
                """.formatted(dir))).as(err.toString()).isZero();
        assertThat(out.toString()).isEqualTo("""
                listen ssl_exchange_pop
                    mode tcp
                    # the key stands in a file of its own: ln -s %1$s/key.pem %1$s/crt.pem.key
                    bind 127.0.0.1:12995 ssl crt %1$s/crt.pem
                    timeout connect 10s
                    timeout client 12h
                    timeout server 12h
                    server ssl_exchange_pop1 10.0.0.15:110
                    server ssl_exchange_pop2 10.0.0.16:110

                listen ssl_exchange_web
                    mode tcp
                    bind 127.0.0.1:12443 ssl crt %1$s/crt.pem
                    timeout connect 10s
                    timeout client 12h
                    timeout server 12h
                    server ssl_exchange_web1 /ssl:web send-proxy

                """.formatted(dir));
        LoadResult loaded = new ConfigurationLoader(new Environment(java.util.Map.of(), dir)).loadText("imported.cfg", out + """
                frontend web
                    mode http
                    timeout client 25s
                    bind /ssl:web accept-proxy
                """);
        assertThat(loaded.configuration()).as(loaded.diagnostics().toString()).isPresent();
    }

    @Test
    void clientsAndStartTls() throws Exception {
        assertThat(run("""
                [smtps-out]
                client = yes
                accept = 2525
                connect = mail.example.com:587
                protocol = smtp
                verify = 2
                CAfile = /etc/ssl/ca.pem
                checkHost = mail.example.com
                sni = mail.example.com
                sslVersionMin = TLSv1.2
                options = NO_SSLv3
                TIMEOUTidle = 600
                failover = prio
                """)).as(err.toString()).isZero();
        assertThat(out.toString()).contains("bind *:2525\n", "timeout client 600s",
                "server smtps-out1 mail.example.com:587 ssl starttls smtp ca-file /etc/ssl/ca.pem verify required ssl-min-ver TLSv1.2"
                        + " verifyhost mail.example.com sni str(mail.example.com)\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "accept = 1 NL connect = 2                           | stunnel.conf:2: service 's' ends TLS and has no 'cert'",
        "cert = c NL connect = 2                             | service 's' has no 'accept'",
        "cert = c NL accept = 2                              | service 's' has no 'connect'",
        "cert = /etc/mail xlc/crt NL accept = 1 NL connect = 2 | :2: 'cert = /etc/mail xlc/crt' is no path without blanks and quotes: is it a slip?",
        "cert = c NL accept = 99999 NL connect = 2           | :3: 'accept = 99999' is no address; write a port, HOST:PORT, or the path of a socket",
        "cert = c NL accept = 1 NL connect = 2 NL PSKsecrets = x | :5: 'PSKsecrets' cannot be carried over",
        "cert = c NL accept = 1 NL connect = 2 NL client = maybe | 'client = maybe': write yes or no",
        "cert = c NL accept = 1 NL connect = 2 NL verify = 2 | service 's' checks certificates and has no 'CAfile'",
        "cert = c NL accept = 1 NL connect = 2 NL sslVersion = SSLv3 | older ones are not spoken",
        "cert = c NL accept = 1 NL connect = 2 NL what is this | 'what is this' is neither a [service] nor an option = value",
    })
    void whatCannotBeCarriedOverIsToldAndNothingIsPrinted(String service, String error) throws Exception {
        assertThat(run("[s]\n" + service.replace(" NL ", "\n") + "\n")).isEqualTo(1);
        assertThat(err.toString()).contains(error);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aFileWithoutServicesIsAnError() throws Exception {
        assertThat(run("pid = x\n")).isEqualTo(1);
        assertThat(err.toString()).contains("there is no [service] in it");
    }
}
