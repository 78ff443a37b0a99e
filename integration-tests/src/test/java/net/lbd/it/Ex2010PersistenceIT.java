package net.lbd.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import net.lbd.testkit.Await;
import net.lbd.testkit.Ports;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.ReceivedMessage;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The persistence of the Exchange 2010 guide on two machines that share their tables: the cookie of OWA and ECP, the table of
 * addresses of RPC, and the table of Authorization headers of ActiveSync. Each user keeps its server across a reload, across the failure of
 * the first machine, through the drain of a server, and when the first machine is back.
 */
class Ex2010PersistenceIT {

    private static final int USERS = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String[] BACKENDS = {"bk_owa", "bk_ecp", "bk_as", "ft_rpc"};

    @TempDir
    private Path dir;

    private final List<Integer> ports = Ports.free(6);
    /** The cookies that the browsers of the users have. */
    private final Map<Integer, String> cookies = new HashMap<>();

    private static ScriptedOrigin server(String name) {
        return ScriptedOrigin.start(Script.answering("HTTP/1.1 200 OK\r\nContent-Length: " + name.length() + "\r\n\r\n" + name));
    }

    /** @param machine 0 or 1 */
    private String text(int machine, ScriptedOrigin one, ScriptedOrigin two, int retries) {
        return """
                peers machines
                  peer left 127.0.0.1:%1$d
                  peer right 127.0.0.1:%2$d
                defaults
                  mode http
                  retries %7$d
                  option redispatch
                  timeout connect 5s
                  timeout client 30s
                  timeout server 30s
                  balance roundrobin
                frontend ft_exchange
                  bind 127.0.0.1:%3$d
                  use_backend bk_ecp if { path_beg -i /ecp }
                  use_backend bk_as if { path_beg -i /Microsoft-Server-ActiveSync }
                  default_backend bk_owa
                backend bk_owa
                  cookie ExchangeSrv insert indirect nocache
                  server CAS1 127.0.0.1:%5$d cookie CAS1
                  server CAS2 127.0.0.1:%6$d cookie CAS2
                backend bk_ecp
                  cookie ExchangeSrv insert indirect nocache
                  server CAS1 127.0.0.1:%5$d cookie CAS1
                  server CAS2 127.0.0.1:%6$d cookie CAS2
                backend bk_as
                  stick-table type string size 10k expire 1h peers machines
                  stick on hdr(Authorization)
                  server CAS1 127.0.0.1:%5$d
                  server CAS2 127.0.0.1:%6$d
                listen ft_rpc
                  mode tcp
                  bind 127.0.0.1:%4$d
                  stick-table type ip size 10k peers machines
                  stick on src
                  server CAS1 127.0.0.1:%5$d
                  server CAS2 127.0.0.1:%6$d
                """.formatted(ports.get(0), ports.get(1), ports.get(2 + 2 * machine), ports.get(3 + 2 * machine), one.port(), two.port(), retries);
    }

    private Daemon machine(int machine, ScriptedOrigin one, ScriptedOrigin two) {
        Path folder = dir.resolve(machine == 0 ? "left" : "right");
        Daemon.write(folder, text(machine, one, two, 3));
        return Daemon.start(folder, Map.of(), List.of("-L", machine == 0 ? "left" : "right", "-f", folder.resolve("lbd.cfg").toString()),
                ports.get(2 + 2 * machine), ports.get(3 + 2 * machine));
    }

    // ---- the users

    private static ReceivedMessage ask(int port, String target, String header) {
        try (RawClient client = RawClient.connect(port)) {
            return client.send("GET " + target + " HTTP/1.1\r\nHost: mail.example.com\r\n" + header + "Connection: close\r\n\r\n").readResponse();
        }
    }

    /** A browser: it keeps the cookie that it is given. */
    private String browser(int port, int user, String target) {
        ReceivedMessage response = ask(port, target, cookies.containsKey(user) ? "Cookie: " + cookies.get(user) + "\r\n" : "");
        response.header("Set-Cookie").ifPresent(cookie -> cookies.put(user, cookie.split(";")[0]));
        return response.bodyText();
    }

    private static String phone(int port, int user) {
        return ask(port, "/Microsoft-Server-ActiveSync?Cmd=Ping", "Authorization: Basic dXNlcjpwYXNz" + user + "\r\n").bodyText();
    }

    /** Outlook, each user on a machine of its own. */
    private static String outlook(int port, int user) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port, InetAddress.getByName("127.0.1." + (user + 1)), 0)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write("GET /rpc HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return answer.substring(answer.length() - 4);
        }
    }

    /** Which server each user of each service is on. */
    private Map<String, String> servers(int machine) throws IOException {
        int http = ports.get(2 + 2 * machine);
        Map<String, String> servers = new TreeMap<>();
        for (int user = 0; user < USERS; user++) {
            servers.put("owa " + user, browser(http, user, "/owa/"));
            servers.put("ecp " + user, browser(http, user, "/ecp/"));
            servers.put("activesync " + user, phone(http, user));
            servers.put("rpc " + user, outlook(ports.get(3 + 2 * machine), user));
        }
        return servers;
    }

    /** Waits until the machine knows the users; whoever asked whether it listens is in the table of addresses, too. */
    private static void awaitUsers(Daemon machine, int phones) {
        Await.until(phones + " phones", PATIENCE, () -> machine.lbctl("command", "show table bk_as").output().contains("used:" + phones));
        Await.until("all addresses", PATIENCE, () -> {
            String table = machine.lbctl("command", "show table ft_rpc").output();
            return IntStream.rangeClosed(1, USERS).allMatch(user -> table.contains("key=127.0.1." + user + " "));
        });
    }

    @Test
    void usersKeepTheirServers() throws Exception {
        try (ScriptedOrigin one = server("CAS1"); ScriptedOrigin two = server("CAS2"); Daemon right = machine(1, one, two)) {
            Map<String, String> before;
            try (Daemon left = machine(0, one, two)) {
                before = servers(0);
                assertThat(before.values()).contains("CAS1", "CAS2");
                for (int user = 0; user < USERS; user++) {
                    assertThat(before.get("ecp " + user)).as("the shared cookie").isEqualTo(before.get("owa " + user));
                }
                left.configure(text(0, one, two, 2));
                assertThat(left.reload().exitCode()).isZero();
                assertThat(servers(0)).as("behind a reload").isEqualTo(before);
                awaitUsers(right, USERS);
            }
            assertThat(servers(1)).as("on the second machine").isEqualTo(before);

            for (String backend : BACKENDS) {
                CommandResult drain = right.lbctl("command", "set server " + backend + "/CAS1 state drain");
                assertThat(drain.exitCode()).as(drain.output()).isZero();
            }
            assertThat(servers(1)).as("through drain").isEqualTo(before);
            for (int i = 0; i < 4; i++) {
                assertThat(ask(ports.get(4), "/owa/", "").bodyText()).as("a new user").isEqualTo("CAS2");
                assertThat(phone(ports.get(4), 100 + i)).as("a new phone").isEqualTo("CAS2");
            }

            try (Daemon left = machine(0, one, two)) {
                awaitUsers(left, USERS + 4);
                assertThat(servers(0)).as("on the first machine again").isEqualTo(before);
            }
        }
    }
}
