package net.lbd.cli.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.lbd.cli.command.SocketLocations;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** {@code --json} of {@code l4 status}, {@code vrrp status} and {@code tables}, made of what the control socket answers. */
@Timeout(60)
class JsonAnswersTest {

    private static final Map<String, String> ANSWERS = Map.of(
            "show l4", """
                    #director,server,address,method,weight,state,active,total,packets_in,bytes_in,packets_out,bytes_out
                    mail,,192.0.2.10:25+587,Masq,,UP,3,100,200,30000,180,90000
                    mail,ex1,10.0.0.1,Masq,1,UP,3,60,120,18000,100,50000
                    mail,ex2,10.0.0.2,Masq,0,DRAIN,0,40,80,12000,80,40000
                    """,
            "show vrrp", """
                    #section,state,cluster_id,priority,interface,addresses,held,reason
                    one,ACTIVE,51,100,eth0,192.0.2.10/24 192.0.2.11/24,192.0.2.10/24,
                    two,FAULT,52,1,eth0,192.0.2.12/24,,no server is up
                    """,
            "show table", "# table: abuse, type: string, size:1024, used:2\n# table: p/other, type: ip, size:10, used:0\n",
            "show table abuse", """
                    # table: abuse, type: string, size:1024, used:2
                    0x1: key=10.0.0.1 use=0 exp=1000 gpc0=5 http_req_rate(10000)=7 server_key=-
                    0x2: key=a b=c use=1 exp=900 gpc0=0 http_req_rate(10000)=0 server_key=ex1
                    """,
            "show table none", "No such table.\n");

    @TempDir
    private Path folder;
    private ServerSocketChannel server;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void listen() throws IOException {
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(folder.resolve("s")));
        Thread thread = new Thread(this::answer, "daemon");
        thread.setDaemon(true);
        thread.start();
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    private void answer() {
        while (true) {
            try (SocketChannel client = server.accept()) {
                String line = new BufferedReader(new InputStreamReader(Channels.newInputStream(client), StandardCharsets.UTF_8)).readLine();
                client.write(ByteBuffer.wrap((ANSWERS.getOrDefault(line, "Unknown command: " + line + "\n") + "\n").getBytes(StandardCharsets.UTF_8)));
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    private int run(String... words) {
        Terminal terminal = new Terminal(new PrintWriter(out, true), new PrintWriter(err, true), false);
        return Lbctl.run(SocketLocations.only(folder.resolve("s")), terminal, words);
    }

    private Map<String, Object> document() {
        return new Yaml().load(out.toString());
    }

    @Test
    void directorsHaveTheirServers() {
        assertThat(run("l4", "status", "--json")).isZero();
        assertThat(document()).isEqualTo(new Yaml().load("""
                directors:
                - {name: mail, address: "192.0.2.10:25+587", method: Masq, state: UP, connectionsActive: 3, connectionsTotal: 100,
                   packetsIn: 200, bytesIn: 30000, packetsOut: 180, bytesOut: 90000, servers: [
                   {name: ex1, address: 10.0.0.1, method: Masq, weight: 1, state: UP, connectionsActive: 3, connectionsTotal: 60,
                    packetsIn: 120, bytesIn: 18000, packetsOut: 100, bytesOut: 50000},
                   {name: ex2, address: 10.0.0.2, method: Masq, weight: 0, state: DRAIN, connectionsActive: 0, connectionsTotal: 40,
                    packetsIn: 80, bytesIn: 12000, packetsOut: 80, bytesOut: 40000}]}
                """));
    }

    @Test
    void sharedAddressesHaveTheReasonWhyTheyAreNotHeld() {
        run("vrrp", "status", "--json");
        assertThat(document().get("keepalivedRuns")).isInstanceOf(Boolean.class);
        assertThat(document().get("sections")).isEqualTo(List.of(
                Map.of("name", "one", "state", "ACTIVE", "clusterId", 51, "priority", 100, "interface", "eth0",
                        "addresses", List.of("192.0.2.10/24", "192.0.2.11/24"), "addressesHeld", List.of("192.0.2.10/24")),
                Map.of("name", "two", "state", "FAULT", "clusterId", 52, "priority", 1, "interface", "eth0",
                        "addresses", List.of("192.0.2.12/24"), "addressesHeld", List.of(), "reason", "no server is up")));
    }

    @Test
    void tablesAreListed() {
        assertThat(run("tables", "--json")).isZero();
        assertThat(document()).isEqualTo(Map.of("tables", List.of(Map.of("name", "abuse", "type", "string", "size", 1024, "used", 2),
                Map.of("name", "p/other", "type", "ip", "size", 10, "used", 0))));
    }

    @Test
    void entriesHaveTheirKeyAsItIs() {
        assertThat(run("tables", "abuse", "--json")).isZero();
        assertThat(document()).isEqualTo(Map.of("tables", List.of(Map.of("name", "abuse", "type", "string", "size", 1024, "used", 2, "entries", List.of(
                Map.of("key", "10.0.0.1", "use", 0, "exp", 1000, "gpc0", 5, "http_req_rate(10000)", 7, "server_key", "-"),
                Map.of("key", "a b=c", "use", 1, "exp", 900, "gpc0", 0, "http_req_rate(10000)", 0, "server_key", "ex1"))))));
    }

    @Test
    void aRefusalIsNoDocument() {
        assertThat(run("tables", "none", "--json")).isEqualTo(1);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).contains("No such table");
    }
}
