package net.lbd.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import net.lbd.testkit.FarmCertificates;
import net.lbd.testkit.lab.Lab;
import net.lbd.testkit.lab.LabProcess;

/**
 * A real Dovecot and a real Postfix on a machine of a laboratory, on all ports of mail. What Postfix takes for a user of example.com lies in
 * the user's mailbox, which all servers of a farm have in common, as those of Exchange do. Not thread-safe.
 */
final class MailServer {

    static final Path DOVECOT = Path.of("/usr/sbin/dovecot");
    static final Path POSTFIX = Path.of("/usr/sbin/postfix");
    static final String USER = "bob";
    static final String PASSWORD = "secret";

    private static final String DOVECOT_CONFIGURATION = """
            base_dir = @DIR@/run
            log_path = @DIR@/dovecot.log
            protocols = imap pop3
            listen = *
            mail_location = maildir:@MAIL@/%u
            ssl = yes
            ssl_cert = <@CERTIFICATE@
            ssl_key = <@KEY@
            disable_plaintext_auth = no
            default_internal_user = root
            default_internal_group = root
            default_login_user = nobody
            first_valid_uid = 1
            first_valid_gid = 1
            auth_mechanisms = plain
            passdb {
              driver = static
              args = password=@PASSWORD@
            }
            userdb {
              driver = static
              args = uid=65534 gid=65534 home=@MAIL@
            }
            service imap-login {
              chroot =
            }
            service pop3-login {
              chroot =
            }
            service anvil {
              chroot =
            }
            """;
    private static final String POSTFIX_CONFIGURATION = """
            compatibility_level = 3.6
            queue_directory = @DIR@/queue
            data_directory = @DIR@/data
            command_directory = /usr/sbin
            daemon_directory = /usr/lib/postfix/sbin
            mail_owner = postfix
            setgid_group = postdrop
            inet_interfaces = all
            inet_protocols = ipv4
            smtpd_peername_lookup = no
            myhostname = @NAME@.example
            mydestination =
            mynetworks = 0.0.0.0/0
            virtual_mailbox_domains = example.com
            virtual_mailbox_base = @MAIL@
            virtual_mailbox_maps = static:@USER@/
            virtual_uid_maps = static:65534
            virtual_gid_maps = static:65534
            virtual_minimum_uid = 1
            smtpd_tls_cert_file = @CERTIFICATE@
            smtpd_tls_key_file = @KEY@
            smtpd_tls_security_level = may
            maillog_file = @DIR@/postfix.log
            maillog_file_prefixes = /
            """;
    private static final String POSTFIX_SERVICES = """
            25 inet n - n - - smtpd
            587 inet n - n - - smtpd
            465 inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
            qmgr unix n - n 300 1 qmgr
            tlsmgr unix - - n 1000? 1 tlsmgr
            rewrite unix - - n - - trivial-rewrite
            postlog unix-dgram n - n - 1 postlogd
            flush unix n - n 1000? 0 flush
            proxymap unix - - n - - proxymap
            virtual unix - n n - - virtual
            error unix - - n - - error
            retry unix - - n - - error
            cleanup unix n - n - 0 cleanup
            anvil unix - - n - 1 anvil
            scache unix - - n - 1 scache
            verify unix - - n - 1 verify
            bounce unix - - n - 0 bounce
            defer unix - - n - 0 bounce
            trace unix - - n - 0 bounce
            """;

    private final Lab lab;
    private final String machine;
    private final Path dir;
    private final LabProcess dovecot;

    /** @param mail the folder of all mailboxes, which user 65534 may write to */
    MailServer(Lab lab, String machine, Path dir, FarmCertificates certificates, Path mail) throws IOException {
        this.lab = lab;
        this.machine = machine;
        this.dir = dir;
        Path conf = Files.createDirectories(dir.resolve("conf"));
        Files.createDirectories(dir.resolve("queue/pid"));
        Path data = Files.createDirectories(dir.resolve("data"));
        Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-xr-x"));
        lab.sh("chown postfix " + data);
        Files.writeString(conf.resolve("main.cf"), filled(POSTFIX_CONFIGURATION, dir, certificates, mail));
        Files.writeString(conf.resolve("master.cf"), POSTFIX_SERVICES);
        Path file = Files.writeString(dir.resolve("dovecot.conf"), filled(DOVECOT_CONFIGURATION, dir, certificates, mail));
        dovecot = lab.start(machine, DOVECOT.toString(), "-F", "-c", file.toString());
        lab.start(machine, POSTFIX.toString(), "-c", conf.toString(), "start-fg");
    }

    private String filled(String text, Path dir, FarmCertificates certificates, Path mail) {
        return text.replace("@DIR@", dir.toString()).replace("@MAIL@", mail.toString()).replace("@CERTIFICATE@", certificates.serverChain().toString())
                .replace("@KEY@", certificates.serverKey().toString()).replace("@USER@", USER).replace("@PASSWORD@", PASSWORD).replace("@NAME@", machine);
    }

    /** Nothing listens any more, as far as anybody can tell. */
    void vanish() {
        lab.on(machine, "nft 'add table inet gone; add chain inet gone in { type filter hook input priority 0; }; add rule inet gone in meta l4proto tcp reject with tcp reset'");
    }

    void comeBack() {
        lab.on(machine, "nft delete table inet gone");
    }

    /** What both have logged. */
    String log() throws IOException {
        StringBuilder text = new StringBuilder();
        for (String name : List.of("dovecot.log", "postfix.log")) {
            text.append(machine).append(' ').append(name).append(": ").append(Files.exists(dir.resolve(name)) ? Files.readString(dir.resolve(name)) : "").append('\n');
        }
        return text.toString();
    }

    /** Postfix runs apart from the process that has started it. */
    void stop() {
        lab.on(machine, POSTFIX + " -c " + dir.resolve("conf") + " stop || true");
        if (dovecot.isAlive()) {
            dovecot.kill("TERM");
        }
    }
}
