package net.lbd.core.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ServerStateClockTest {

    /** About to overflow, as the JVM's may at any time. */
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final ServerState state = new ServerState(nanos::get);

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void downtimeIsTheTimeThatPassed() {
        pass(Duration.ofSeconds(7));
        assertThat(state.sinceChange()).isEqualTo(Duration.ofSeconds(7));
        assertThat(state.downtime()).isZero();

        state.setAdmin(ServerState.Admin.MAINT);
        pass(Duration.ofSeconds(30));
        assertThat(state.sinceChange()).isEqualTo(Duration.ofSeconds(30));
        assertThat(state.downtime()).isEqualTo(Duration.ofSeconds(30));

        state.setAdmin(ServerState.Admin.READY);
        pass(Duration.ofSeconds(5));
        assertThat(state.downtime()).isEqualTo(Duration.ofSeconds(30));
        assertThat(state.sinceChange()).isEqualTo(Duration.ofSeconds(5));
    }
}
