package net.lbd.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.lbd.core.NoLeaks;
import net.lbd.core.backend.Server;
import net.lbd.core.backend.ServerState.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code load-server-state-from-file}, with files as HAProxy 2.6 writes them. */
@ExtendWith(NoLeaks.class)
class ServerStateFileTest {

    private static final String HEADER = "1\n# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight "
            + "srv_time_since_last_change srv_check_status srv_check_result srv_check_health srv_check_state srv_agent_state "
            + "bk_f_forced_id srv_f_forced_id srv_fqdn srv_port srvrecord srv_use_ssl srv_check_port srv_check_addr srv_agent_addr srv_agent_port\n";
    private static final String SERVERS = "server down 127.0.0.1:1 check inter 1h weight 5\nserver drain 127.0.0.1:1 weight 5\n"
            + "server maint 127.0.0.1:1 weight 5\nserver other 127.0.0.1:1 weight 6\nserver unknown 127.0.0.1:1";

    @TempDir
    private Path dir;

    @Test
    void theStatesOfTheProcessBeforeAreTakenOver() throws IOException {
        Files.writeString(dir.resolve("states"), HEADER + """
                3 be 1 down 127.0.0.1 0 0 2 5 5 17 2 0 6 0 0 0 - 1 - 0 0 - - 0
                3 be 2 drain 127.0.0.1 2 8 5 5 5 1 0 0 0 0 0 0 - 1 - 0 0 - - 0
                3 be 3 maint 127.0.0.1 0 1 5 5 5 1 0 0 0 0 0 0 - 1 - 0 0 - - 0
                3 be 4 other 127.0.0.1 2 0 3 5 5 1 0 0 0 0 0 0 - 1 - 0 0 - - 0
                """);
        try (EngineHarness engine = start("global", "server-state-file states")) {
            assertThat(server(engine, "down").state().isUp()).isFalse();
            assertThat(server(engine, "down").weight()).isEqualTo(2);
            assertThat(server(engine, "drain").state().admin()).isEqualTo(Admin.DRAIN);
            assertThat(server(engine, "maint").state().admin()).isEqualTo(Admin.MAINT);
            assertThat(server(engine, "other").weight()).as("its weight was changed in the configuration").isEqualTo(6);
            assertThat(server(engine, "unknown").isUsable()).isTrue();
        }
    }

    @Test
    void aBackendMayHaveAFileOfItsOwn() throws IOException {
        Files.writeString(dir.resolve("be"), HEADER + "3 be 3 maint 127.0.0.1 0 1 5 5 5 1 0 0 0 0 0 0 - 1 - 0 0 - - 0\n");
        try (EngineHarness engine = start("local", "")) {
            assertThat(server(engine, "maint").state().admin()).isEqualTo(Admin.MAINT);
        }
    }

    @Test
    void aFileThatIsNoneIsToldAndAnAbsentOneIsNot() throws IOException {
        Files.writeString(dir.resolve("states"), "hello\n");
        try (EngineHarness engine = start("global", "server-state-file states")) {
            assertThat(server(engine, "drain").isUsable()).isTrue();
        }
        Files.delete(dir.resolve("states"));
        try (EngineHarness engine = start("global", "server-state-file states")) {
            assertThat(server(engine, "drain").isUsable()).isTrue();
        }
    }

    private EngineHarness start(String source, String global) {
        return EngineHarness.start(EngineHarness.httpText("", "load-server-state-from-file " + source + "\n" + SERVERS)
                .replaceFirst("global\n", "global\n  server-state-base " + dir + "\n  " + global + "\n"));
    }

    private static Server server(EngineHarness engine, String name) {
        return engine.backend("be").servers().stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
    }
}
