package net.lbd.core.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.lbd.config.model.LogTargetSpec.Level;
import org.junit.jupiter.api.Test;

class LineRingTest {

    private static final List<LogTarget> NOBODY = List.of();

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static boolean offer(LineRing ring, String text) {
        byte[] line = bytes("<<" + text + ">>");
        return ring.offer(NOBODY, Level.INFO, line, 2, line.length - 4);
    }

    private static List<String> drain(LineRing ring, int limit) {
        List<String> lines = new ArrayList<>();
        ring.drain((targets, level, line, offset, length) ->
                lines.add(level + " " + new String(line, offset, length, StandardCharsets.ISO_8859_1)), limit);
        return lines;
    }

    @Test
    void linesComeOutAsTheyWentIn() {
        LineRing ring = new LineRing(1024);
        assertThat(ring.isEmpty()).isTrue();
        offer(ring, "one");
        ring.offer(NOBODY, Level.ERR, bytes("two"), 0, 3);
        offer(ring, "");
        assertThat(ring.isEmpty()).isFalse();
        assertThat(drain(ring, 10)).containsExactly("INFO one", "ERR two", "INFO ");
        assertThat(ring.isEmpty()).isTrue();
    }

    @Test
    void takesNoMoreThanItsLimitAtATime() {
        LineRing ring = new LineRing(1024);
        offer(ring, "a");
        offer(ring, "b");
        offer(ring, "c");
        assertThat(drain(ring, 2)).containsExactly("INFO a", "INFO b");
        assertThat(drain(ring, 2)).containsExactly("INFO c");
    }

    @Test
    void fullRingRefusesAndLosesNothingItHolds() {
        LineRing ring = new LineRing(256);
        List<String> taken = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            if (offer(ring, "line" + i)) {
                taken.add("INFO line" + i);
            }
        }
        assertThat(taken).hasSize(4);
        assertThat(drain(ring, 100)).isEqualTo(taken);
        assertThat(offer(ring, "again")).isTrue();
    }

    @Test
    void lineThatIsLongerThanTheRingIsRefused() {
        assertThat(offer(new LineRing(256), "x".repeat(300))).isFalse();
    }

    /** Random lengths around the end of the array, against a plain queue. */
    @Test
    void behavesAsAQueueAtEveryOffset() {
        Random random = new Random(7);
        LineRing ring = new LineRing(1024);
        List<String> model = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            if (random.nextBoolean()) {
                String line = "x".repeat(random.nextInt(200)) + i;
                if (offer(ring, line)) {
                    model.add("INFO " + line);
                }
            } else {
                int limit = random.nextInt(4);
                List<String> expected = new ArrayList<>(model.subList(0, Math.min(limit, model.size())));
                model.subList(0, expected.size()).clear();
                assertThat(drain(ring, limit)).isEqualTo(expected);
            }
        }
    }

    @Test
    void twoThreadsSeeEveryLineOnceAndInOrder() throws Exception {
        LineRing ring = new LineRing(4096);
        int lines = 200_000;
        Thread producer = new Thread(() -> {
            for (int i = 0; i < lines; i++) {
                while (!offer(ring, Integer.toString(i))) {
                    Thread.onSpinWait();
                }
            }
        });
        producer.start();
        int[] next = {0};
        while (next[0] < lines) {
            ring.drain((targets, level, line, offset, length) -> {
                assertThat(new String(line, offset, length, StandardCharsets.ISO_8859_1)).isEqualTo(Integer.toString(next[0]));
                next[0]++;
            }, 1000);
        }
        producer.join();
        assertThat(ring.isEmpty()).isTrue();
    }
}
