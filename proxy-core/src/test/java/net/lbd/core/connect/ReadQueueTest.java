package net.lbd.core.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadQueueTest {

    private final List<Runnable> tasks = new ArrayList<>();
    private final List<String> used = new ArrayList<>();
    private final ReadQueue queue = new ReadQueue(tasks::add);

    @Test
    void responsesComeBeforeRequestsEachInTheOrderOfReading() {
        queue.addRequest(() -> used.add("request 1"));
        queue.addResponse(() -> used.add("response 1"));
        queue.addRequest(() -> used.add("request 2"));
        queue.addResponse(() -> used.add("response 2"));
        assertThat(used).isEmpty();
        assertThat(tasks).hasSize(1);
        tasks.remove(0).run();
        assertThat(used).containsExactly("response 1", "response 2", "request 1", "request 2");
    }

    @Test
    void whatFailsDoesNotKeepOthersFromTheirTurn() {
        queue.addResponse(() -> {
            throw new IllegalStateException("on purpose");
        });
        queue.addResponse(() -> used.add("response"));
        queue.addRequest(() -> used.add("request"));
        tasks.remove(0).run();
        assertThat(used).containsExactly("response", "request");
    }

    @Test
    void whatComesWhileTheOthersHaveTheirTurnHasTheNext() {
        queue.addRequest(() -> queue.addResponse(() -> used.add("late")));
        tasks.remove(0).run();
        assertThat(used).isEmpty();
        tasks.remove(0).run();
        assertThat(used).containsExactly("late");
        assertThat(tasks).isEmpty();
    }
}
