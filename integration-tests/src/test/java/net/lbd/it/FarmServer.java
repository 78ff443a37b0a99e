package net.lbd.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import net.lbd.testkit.FarmCertificates;
import net.lbd.testkit.lab.Lab;
import net.lbd.testkit.lab.LabProcess;

/**
 * A real Apache on a machine of a laboratory that answers as an Exchange server: connections log in by NTLM and by Kerberos, ActiveSync
 * waits as long as it is asked to, mail is uploaded and an attachment is downloaded, and health pages can fail. Not thread-safe.
 */
final class FarmServer {

    static final Path APACHE = Path.of("/usr/sbin/apache2");
    static final Path GSSAPI = Path.of("/usr/lib/apache2/modules/mod_auth_gssapi.so");
    static final Path NTLM = Path.of("/etc/gss/mech.d/mech.ntlmssp.conf");

    private static final String MODULES = "/usr/lib/apache2/modules/mod_";
    private static final String LOGIN = """
              AuthType GSSAPI
              AuthName "Exchange"
              GssapiConnectionBound On
              Require valid-user
              Header always set X-User "expr=%{REMOTE_USER}"
            """;
    private static final String CONFIGURATION = """
            ServerName localhost
            PidFile @DIR@/pid
            DefaultRuntimeDir @DIR@
            ErrorLog @DIR@/error.log
            @MODULES@
            Listen 0.0.0.0:80
            Listen 0.0.0.0:443 https
            ThreadsPerChild 64
            MaxRequestWorkers 64
            MaxKeepAliveRequests 0
            KeepAliveTimeout 120
            Timeout 120
            DocumentRoot @DIR@/www
            DavLockDB @DIR@/davlock
            Header always set X-Server @NAME@
            SSLCertificateFile @CERTIFICATE@
            SSLCertificateKeyFile @KEY@
            <VirtualHost *:443>
              SSLEngine On
            </VirtualHost>
            # what Exchange 2010 is asked by checks, and answers without a login
            RedirectMatch 401 (?i)^/(Microsoft-Server-ActiveSync/|rpc/rpcproxy[.]dll|autodiscover/autodiscover[.]xml|ews/exchange[.]asmx|oab/)$
            AliasMatch (?i)/HealthCheck[.]htm$ @DIR@/health/health.htm
            ScriptAliasMatch (?i)^/Microsoft-Server-ActiveSync @DIR@/poll
            Alias /oab/attachment @ATTACHMENT@
            <Directory />
              Require all granted
            </Directory>
            <Directory @DIR@/www>
              FallbackResource /page
            </Directory>
            <Location /ews/up>
              Dav On
            </Location>
            <Location /ews/ntlm>
            @LOGIN@  GssapiAllowedMech ntlmssp
            </Location>
            <Location /ews/kerberos>
            @LOGIN@  GssapiAllowedMech krb5
              GssapiCredStore keytab:@KEYTAB@
            </Location>
            """;

    private final Lab lab;
    private final String machine;
    private final Path dir;
    private final Path users;
    private LabProcess process;

    /**
     * @param attachment what {@code /oab/attachment} is
     * @param users of NTLM, as gss-ntlmssp reads them
     * @param keytab of the service that clients have tickets for
     */
    FarmServer(Lab lab, String machine, Path dir, FarmCertificates certificates, Path attachment, Path users, Path keytab) throws IOException {
        this.lab = lab;
        this.machine = machine;
        this.dir = Files.createDirectories(dir);
        this.users = users;
        for (String folder : List.of("www/ews/up", "www/ews/ntlm", "www/ews/kerberos", "health")) {
            Files.createDirectories(dir.resolve(folder));
        }
        for (String page : List.of("www/page", "www/ews/ntlm/page", "www/ews/kerberos/page")) {
            Files.writeString(dir.resolve(page), "a page\n");
        }
        Files.writeString(dir.resolve("poll"), "#!/bin/sh\ncat >/dev/null\nseconds=${QUERY_STRING##*seconds=}\nsleep \"$seconds\"\n"
                + "printf 'Content-Type: text/plain\\r\\n\\r\\npolled for %s s' \"$seconds\"\n");
        Files.setPosixFilePermissions(dir.resolve("poll"), PosixFilePermissions.fromString("rwxr-xr-x"));
        StringBuilder modules = new StringBuilder();
        for (String module : List.of("mpm_event", "authn_core", "authz_core", "authz_user", "auth_gssapi", "headers", "alias", "dir", "cgi", "dav", "dav_fs", "ssl",
                "socache_shmcb")) {
            modules.append("LoadModule ").append(module).append("_module ").append(MODULES).append(module).append(".so\n");
        }
        Files.writeString(dir.resolve("server.conf"), CONFIGURATION.replace("@LOGIN@", LOGIN).replace("@MODULES@", modules).replace("@NAME@", machine)
                .replace("@CERTIFICATE@", certificates.serverChain().toString()).replace("@KEY@", certificates.serverKey().toString())
                .replace("@ATTACHMENT@", attachment.toString()).replace("@KEYTAB@", keytab.toString()).replace("@DIR@", dir.toString()));
        heal();
        start();
    }

    /** Its machine, and what it calls itself in {@code X-Server}. */
    String name() {
        return machine;
    }

    /** What {@code PUT /ews/up/NAME} has made. */
    Path uploaded(String name) {
        return dir.resolve("www/ews/up").resolve(name);
    }

    void start() {
        process = lab.start(machine, "env", "NTLM_USER_FILE=" + users, "NETBIOS_DOMAIN_NAME=EXAMPLE", "NETBIOS_COMPUTER_NAME=" + machine.toUpperCase(Locale.ROOT),
                "KRB5RCACHENAME=none:", APACHE.toString(), "-X", "-d", dir.toString(), "-f", dir.resolve("server.conf").toString());
    }

    /** Dies as a machine does. */
    void kill() {
        process.kill("KILL");
    }

    /** Its health pages are gone, and all else is there. */
    void ail() throws IOException {
        Files.delete(dir.resolve("health/health.htm"));
    }

    void heal() throws IOException {
        Files.writeString(dir.resolve("health/health.htm"), "200 OK<br/>" + machine);
    }
}
