package net.lbd.core.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ReadQueueTest {

    private final List<Runnable> tasks = new ArrayList<>();
    private final List<String> used = new ArrayList<>();
    private final AtomicLong machine = new AtomicLong(100);
    private final TurnClock clock = new TurnClock(machine::getAndIncrement);
    private final ReadQueue queue = new ReadQueue(tasks::add, clock);

    private ReadQueue.Reader reader(Runnable use) {
        return new ReadQueue.Reader() {
            @Override
            public void useRead() {
                use.run();
            }

            @Override
            public void readFailed(Throwable cause) {
                used.add(cause.getMessage());
            }
        };
    }

    @Test
    void responsesComeBeforeRequestsEachInTheOrderOfReading() {
        queue.addRequest(reader(() -> used.add("request 1")));
        queue.addResponse(reader(() -> used.add("response 1")));
        queue.addRequest(reader(() -> used.add("request 2")));
        queue.addResponse(reader(() -> used.add("response 2")));
        assertThat(used).isEmpty();
        assertThat(tasks).hasSize(1);
        tasks.remove(0).run();
        assertThat(used).containsExactly("response 1", "response 2", "request 1", "request 2");
    }

    @Test
    void whatFailsIsEndedAndDoesNotKeepOthersFromTheirTurn() {
        queue.addResponse(reader(() -> {
            throw new IllegalStateException("on purpose");
        }));
        queue.addResponse(reader(() -> used.add("response")));
        queue.addRequest(reader(() -> used.add("request")));
        tasks.remove(0).run();
        assertThat(used).containsExactly("on purpose", "response", "request");
    }

    @Test
    void timeStandsStillWhileOneReadIsHandled() {
        List<Long> seen = new ArrayList<>();
        Runnable look = () -> {
            seen.add(clock.nanos());
            seen.add(clock.nanos());
        };
        queue.addResponse(reader(look));
        queue.addRequest(reader(() -> {
            look.run();
            throw new IllegalStateException("on purpose");
        }));
        tasks.remove(0).run();
        look.run();
        assertThat(seen).containsExactly(100L, 100L, 101L, 101L, 102L, 103L);
    }

    @Test
    void whatComesWhileTheOthersHaveTheirTurnHasTheNext() {
        queue.addRequest(reader(() -> queue.addResponse(reader(() -> used.add("late")))));
        tasks.remove(0).run();
        assertThat(used).isEmpty();
        tasks.remove(0).run();
        assertThat(used).containsExactly("late");
        assertThat(tasks).isEmpty();
    }
}
