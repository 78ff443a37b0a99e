package net.lbd.cli.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import net.lbd.cli.FakeDaemon;
import net.lbd.cli.Fixtures;
import net.lbd.cli.command.ControlSocketSet;
import net.lbd.cli.command.SocketLocations;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lbctl maps} on a map of two entries. */
class MapsCommandTest {

    @TempDir
    private Path folder;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private String map;
    private ControlSocketSet sockets;

    @BeforeEach
    void serve() throws IOException {
        map = Files.writeString(folder.resolve("hosts.map"), "a.example 1\nb.example two words\n").toString();
        String configuration = """
                defaults
                  mode http
                  timeout connect 1s
                  timeout client 3s
                  timeout server 3s
                frontend f
                  bind 127.0.0.1:18996
                  http-request set-header X %%[hdr(host),map(%s)]
                """.formatted(map);
        sockets = new ControlSocketSet(new FakeDaemon(configuration), SocketLocations.only(folder.resolve("admin.sock")));
        sockets.prepare(Fixtures.configuration(configuration)).commit();
    }

    @AfterEach
    void stop() {
        sockets.close();
    }

    private int run(String... words) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        Terminal terminal = new Terminal(new PrintWriter(out, true), new PrintWriter(err, true), false);
        return Lbctl.run(SocketLocations.only(folder.resolve("admin.sock")), terminal, words);
    }

    @Test
    void mapsAreListedAndShown() {
        assertThat(run("maps", "list")).isZero();
        assertThat(out.toString()).contains(map);
        assertThat(run("maps", "list", "--json")).isZero();
        assertThat(out.toString()).contains("\"name\": \"" + map + "\"");
        assertThat(run("maps", "show", map)).isZero();
        assertThat(out.toString()).isEqualTo("a.example 1\nb.example two words\n");
        assertThat(run("maps", "show", map, "--json")).isZero();
        assertThat(out.toString()).contains("\"key\": \"b.example\"").contains("\"value\": \"two words\"");
    }

    @Test
    void entriesAreFoundAddedChangedAndTakenOut() {
        assertThat(run("maps", "get", map, "b.example")).isZero();
        assertThat(out.toString()).isEqualTo("two words\n");
        assertThat(run("maps", "get", map, "c.example")).isEqualTo(1);
        assertThat(err.toString()).contains("has nothing for c.example");
        assertThat(run("maps", "add", map, "c.example", "three; words")).isZero();
        assertThat(run("maps", "get", map, "c.example", "--json")).isZero();
        assertThat(out.toString()).contains("\"value\": \"three; words\"");
        assertThat(run("maps", "set", map, "c.example", "3")).isZero();
        assertThat(run("maps", "del", map, "a.example")).isZero();
        assertThat(run("maps", "show", map)).isZero();
        assertThat(out.toString()).isEqualTo("b.example two words\nc.example 3\n");
        assertThat(run("maps", "clear", map)).isZero();
        assertThat(run("maps", "show", map)).isZero();
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void whatIsNotThereIsTold() {
        assertThat(run("maps", "show", "nope")).isEqualTo(1);
        assertThat(err.toString()).contains("Unknown map identifier").contains("lbctl maps list");
        assertThat(run("maps", "del", map, "z")).isEqualTo(1);
        assertThat(err.toString()).contains("Key not found; nothing was changed");
        assertThat(run("maps")).isEqualTo(2);
    }
}
