package net.lbd.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import net.lbd.core.NoLeaks;
import net.lbd.core.backend.Server;
import net.lbd.health.Watch;
import net.lbd.testkit.Await;
import net.lbd.testkit.Ports;
import net.lbd.testkit.ScriptedOrigin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The composite check of the Exchange 2010 guide (3.1): three ports of one server decide together, through a
 * {@code listen} section that counts them, and every RPC farm asks that section.
 */
@ExtendWith(NoLeaks.class)
class CompositeCheckTest {

    @Test
    void onePortThatFailsTakesTheServerOutOfEveryFarm() {
        int check = Ports.free();
        try (ScriptedOrigin mapper = listening(); ScriptedOrigin access = listening(); ScriptedOrigin book = listening();
                EngineHarness engine = EngineHarness.start("""
                        global
                          nbthread 1
                        defaults
                          timeout connect 5s
                          timeout client 5s
                          timeout server 5s
                          timeout check 5s
                        listen chk_CAS1
                          mode http
                          bind 127.0.0.1:%1$d
                          monitor-uri /check
                          monitor fail if { nbsrv lt 3 }
                          default-server inter 30s fastinter 30s downinter 30s
                          server CAS1_epm 127.0.0.1:%2$d check
                          server CAS1_ca 127.0.0.1:%3$d check
                          server CAS1_ab 127.0.0.1:%4$d check
                        backend bk_exchange_epm
                          mode tcp
                          option httpchk HEAD /check HTTP/1.0
                          default-server inter 1s fastinter 50ms downinter 50ms rise 2 fall 3 on-marked-down shutdown-sessions
                          server CAS1 127.0.0.1:%2$d check addr 127.0.0.1 port %1$d observe layer4
                        backend bk_exchange_ca
                          mode tcp
                          option httpchk HEAD /check HTTP/1.0
                          default-server inter 1s fastinter 50ms downinter 50ms rise 2 fall 3 on-marked-down shutdown-sessions
                          server CAS1 127.0.0.1:%3$d check addr 127.0.0.1 port %1$d observe layer4
                        """.formatted(check, mapper.port(), access.port(), book.port()))) {
            Await.until("both farms have asked", () -> asked(engine, "bk_exchange_epm") && asked(engine, "bk_exchange_ca"));
            assertThat(up(engine, "bk_exchange_epm")).as("%s", server(engine, "bk_exchange_epm", "CAS1").state().events()).isTrue();

            Server book1 = server(engine, "chk_CAS1", "CAS1_ab");
            Await.until("the address book is checked", () -> book1.state().health().flatMap(h -> h.last()).isPresent());
            engine.engine().forceHealth(book1, Watch.Forced.DOWN);

            Await.until("both farms are without the server", () -> !up(engine, "bk_exchange_epm") && !up(engine, "bk_exchange_ca"));
            assertThat(server(engine, "bk_exchange_ca", "CAS1").state().events()).last().satisfies(event ->
                    assertThat(event.text()).startsWith("Server bk_exchange_ca/CAS1 is DOWN, reason: Layer7 wrong status, code: 503"));

            engine.engine().forceHealth(book1, Watch.Forced.UP);
            Await.until("both farms have it again", () -> up(engine, "bk_exchange_epm") && up(engine, "bk_exchange_ca"));
        }
    }

    private static ScriptedOrigin listening() {
        return ScriptedOrigin.start(connection -> connection.hang());
    }

    private static boolean asked(EngineHarness engine, String backend) {
        return server(engine, backend, "CAS1").state().health().flatMap(h -> h.last()).isPresent();
    }

    private static boolean up(EngineHarness engine, String backend) {
        return server(engine, backend, "CAS1").state().isUp();
    }

    private static Server server(EngineHarness engine, String backend, String name) {
        return engine.backend(backend).servers().stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
    }
}
