package net.lbd.core.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TimeAverageTest {

    private final TimeAverage average = new TimeAverage();

    @Test
    void fewTimesHaveTheirPlainMean() {
        assertThat(average.mean()).isZero();
        average.add(10);
        average.add(20);
        average.add(60);

        assertThat(average.mean()).isEqualTo(30);
        assertThat(average.max()).isEqualTo(60);
    }

    @Test
    void aStageThatWasNotReachedDoesNotCount() {
        average.add(8);
        average.add(-1);

        assertThat(average.mean()).isEqualTo(8);
    }

    @Test
    void oldTimesFade() {
        IntStream.range(0, 1024).forEach(i -> average.add(100));
        assertThat(average.mean()).isEqualTo(100);
        IntStream.range(0, 1024).forEach(i -> average.add(0));
        assertThat(average.mean()).as("after as many again").isBetween(30L, 45L);
        IntStream.range(0, 20_000).forEach(i -> average.add(0));
        assertThat(average.mean()).isZero();
        assertThat(average.max()).isEqualTo(100);
    }

    @Test
    void theLongestTimesFit() {
        IntStream.range(0, 5000).forEach(i -> average.add(Long.MAX_VALUE));

        assertThat(average.mean()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void manyThreadsLoseNothing() throws InterruptedException {
        Thread[] threads = new Thread[4];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = new Thread(() -> IntStream.range(0, 200).forEach(n -> average.add(n % 2 == 0 ? 4 : 8)));
            threads[i].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(average.mean()).isEqualTo(6);
    }

    @Test
    void clearing() {
        average.add(9);
        average.clearMax();
        assertThat(average.max()).isZero();
        assertThat(average.mean()).isEqualTo(9);
        average.clear();
        assertThat(average.mean()).isZero();
    }
}
