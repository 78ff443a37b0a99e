package net.lbd.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.lbd.testkit.Await;
import net.lbd.testkit.Ports;

/**
 * A realm of Kerberos with users and one service, from MIT's own programs. The key distribution centre runs only while the tickets are
 * fetched: whoever has one needs it no more, wherever it is used. Not thread-safe.
 */
final class KerberosRealm {

    private static final String REALM = "EXAMPLE.COM";
    private static final String KADMIN = "/usr/sbin/kadmin.local";
    private static final String KDC = "/usr/sbin/krb5kdc";

    private final Path dir;
    private final String service;
    private final Map<String, String> environment = new LinkedHashMap<>();

    /** Why there can be none here, in one line; empty: there can. */
    static Optional<String> missing() {
        return List.of(KADMIN, KDC, "/usr/sbin/kdb5_util", "/usr/bin/kinit", "/usr/bin/kvno").stream().filter(p -> !Files.isExecutable(Path.of(p))).findFirst()
                .map(p -> p + " is not installed; on Debian: apt-get install krb5-kdc krb5-admin-server krb5-user");
    }

    /**
     * @param host the name that clients use
     * @param users with their passwords; each gets a ticket for the service
     */
    KerberosRealm(Path dir, String host, Map<String, String> users) throws IOException {
        this.dir = Files.createDirectories(dir);
        this.service = "HTTP/" + host;
        int port = Ports.free();
        Files.writeString(configuration(), "[libdefaults]\n default_realm = " + REALM + "\n dns_lookup_kdc = false\n dns_canonicalize_hostname = false\n"
                + " rdns = false\n udp_preference_limit = 1\n[realms]\n " + REALM + " = {\n  kdc = 127.0.0.1:" + port + "\n }\n");
        Path profile = Files.writeString(dir.resolve("kdc.conf"), "[kdcdefaults]\n kdc_listen = \"\"\n kdc_tcp_listen = 127.0.0.1:" + port + "\n[realms]\n "
                + REALM + " = {\n  database_name = " + dir.resolve("principal") + "\n  key_stash_file = " + dir.resolve("stash")
                + "\n  supported_enctypes = aes256-cts:normal\n }\n");
        environment.put("KRB5_CONFIG", configuration().toString());
        environment.put("KRB5_KDC_PROFILE", profile.toString());
        run("", "/usr/sbin/kdb5_util", "create", "-s", "-r", REALM, "-P", "of a test");
        for (Map.Entry<String, String> user : users.entrySet()) {
            run("", KADMIN, "-q", "addprinc -pw " + user.getValue() + " " + user.getKey());
        }
        run("", KADMIN, "-q", "addprinc -randkey " + service);
        run("", KADMIN, "-q", "ktadd -k " + keytab() + " " + service);
        fetchTickets(users, port);
    }

    private void fetchTickets(Map<String, String> users, int port) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(KDC, "-n").redirectErrorStream(true).redirectOutput(dir.resolve("kdc.log").toFile());
        builder.environment().putAll(environment);
        Process kdc = builder.start();
        try {
            Await.until("the key distribution centre listens", () -> Ports.isListening(port));
            for (Map.Entry<String, String> user : users.entrySet()) {
                run(user.getValue() + "\n", "/usr/bin/kinit", "-c", tickets(user.getKey()), user.getKey());
                run("", "/usr/bin/kvno", "-c", tickets(user.getKey()), service);
            }
        } finally {
            kdc.destroyForcibly();
            kdc.onExit().join();
        }
    }

    private void run(String input, String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        try (var in = process.outputWriter()) {
            in.write(input);
        }
        String said = new String(process.getInputStream().readAllBytes());
        if (process.onExit().join().exitValue() != 0) {
            throw new IOException(String.join(" ", command) + ": " + said);
        }
    }

    /** What {@code KRB5_CONFIG} names. */
    Path configuration() {
        return dir.resolve("krb5.conf");
    }

    /** The service's key. */
    Path keytab() {
        return dir.resolve("keytab");
    }

    /** What {@code KRB5CCNAME} names for a user. */
    String tickets(String user) {
        return "FILE:" + dir.resolve("tickets-" + user);
    }
}
