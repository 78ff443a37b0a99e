package net.lbd.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BytePoolTest {

    private final BytePool pool = new BytePool();

    @Test
    void givesArraysOfAtLeastTheSizeAskedForInPowersOfTwo() {
        for (int size = 0; size <= 300_000; size += 511) {
            int length = pool.take(size).length;
            assertThat(length).isGreaterThanOrEqualTo(Math.max(1, size));
            assertThat(size > 1 << 18 ? length == size : Integer.bitCount(length) == 1 && length <= Math.max(1024, 2 * size)).isTrue();
        }
        assertThat(pool.take(1024)).hasSize(1024);
        assertThat(pool.take(1025)).hasSize(2048);
        assertThat(pool.take(1 << 18)).hasSize(1 << 18);
    }

    @Test
    void givesTheSameArrayAgain() {
        byte[] array = pool.take(5000);
        pool.give(array);
        assertThat(pool.take(1000)).isNotSameAs(array);
        assertThat(pool.take(5000)).isSameAs(array);
        assertThat(pool.take(5000)).isNotSameAs(array);
    }

    @Test
    void keepsNoArrayOfAnOddSize() {
        for (int size : new int[] {0, 1, 512, 1000, 1 << 19, (1 << 18) + 1}) {
            byte[] odd = new byte[size];
            pool.give(odd);
            assertThat(pool.take(Math.max(1, size))).isNotSameAs(odd);
        }
    }

    @Test
    void keepsNoMoreThanAMebibyteOfOneSize() {
        List<byte[]> all = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            all.add(pool.take(16 * 1024));
        }
        all.forEach(pool::give);
        long again = all.stream().filter(a -> pool.take(16 * 1024).length > 0).count();
        assertThat(again).isEqualTo(200);
        List<byte[]> second = new ArrayList<>();
        BytePool other = new BytePool();
        all.forEach(other::give);
        for (int i = 0; i < 200; i++) {
            second.add(other.take(16 * 1024));
        }
        assertThat(second.stream().filter(all::contains).count()).isEqualTo(64);
    }
}
