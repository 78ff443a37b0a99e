package net.lbd.core.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FlushQueueTest {

    @Test
    void whatFailsDoesNotKeepOthersFromBeingSent() {
        List<Runnable> tasks = new ArrayList<>();
        List<String> sent = new ArrayList<>();
        FlushQueue queue = new FlushQueue(tasks::add);
        queue.add(() -> sent.add("first"));
        queue.add(() -> {
            throw new IllegalStateException("on purpose");
        });
        queue.add(() -> sent.add("third"));
        tasks.remove(0).run();
        queue.add(() -> sent.add("next turn"));
        tasks.remove(0).run();
        assertThat(sent).containsExactly("first", "third", "next turn");
    }
}
