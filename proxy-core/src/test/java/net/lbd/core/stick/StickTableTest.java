package net.lbd.core.stick;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import net.lbd.config.model.SampleType;
import net.lbd.config.model.StickDataType;
import net.lbd.config.model.StickTableSpec;
import net.lbd.config.model.StickTableSpec.KeyType;
import net.lbd.config.model.StickTableSpec.Stored;
import net.lbd.config.syntax.SourceLocation;
import net.lbd.core.sample.Sample;
import org.junit.jupiter.api.Test;

/** What a table promises to those who count in it. The clock is a fake. */
class StickTableTest {

    private final AtomicLong clock = new AtomicLong(1_000_000);

    private StickTable table(KeyType type, int keyLength, int size, long expire, boolean nopurge, Stored... stored) {
        return new StickTable(spec(type, keyLength, size, expire, nopurge, stored), clock::get);
    }

    static StickTableSpec spec(KeyType type, int keyLength, int size, long expire, boolean nopurge, Stored... stored) {
        return new StickTableSpec("t", SourceLocation.BUILT_IN, type, keyLength, size, expire, nopurge, Optional.empty(), false,
                List.of(stored), Optional.empty(), false, false);
    }

    static Stored stored(StickDataType type) {
        return new Stored(type, 1, 0);
    }

    private static Sample text(String key) {
        Sample sample = new Sample();
        byte[] bytes = key.getBytes(StandardCharsets.ISO_8859_1);
        sample.setView(SampleType.STRING, bytes, 0, bytes.length);
        return sample;
    }

    private static Sample address(int... bytes) {
        Sample sample = new Sample();
        byte[] address = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            address[i] = (byte) bytes[i];
        }
        sample.setView(SampleType.ADDRESS, address, 0, address.length);
        return sample;
    }

    private static void count(StickTable table, String key, int times) {
        Sample sample = text(key);
        assertThat(table.makeKey(sample)).isTrue();
        long handle = table.findOrCreate(sample);
        assertThat(handle).isNotEqualTo(StickTable.NONE);
        for (int i = 0; i < times; i++) {
            table.countGpc(handle, 0, 1);
        }
        table.release(handle);
    }

    private static long read(StickTable table, String key, StickDataType type) {
        Sample sample = text(key);
        table.makeKey(sample);
        long handle = table.find(sample);
        if (handle == StickTable.NONE) {
            return -1;
        }
        long value = table.value(handle, type, 0);
        table.release(handle);
        return value;
    }

    @Test
    void countsByKeyAndCutsTextsToTheLengthOfTheTable() {
        StickTable table = table(KeyType.STRING, 4, 10, 0, false, stored(StickDataType.GPC0));
        count(table, "abcdef", 2);
        count(table, "abcd", 3);
        count(table, "abc", 1);
        assertThat(read(table, "abcdzzz", StickDataType.GPC0)).isEqualTo(5);
        assertThat(read(table, "abc", StickDataType.GPC0)).isEqualTo(1);
        assertThat(table.used()).isEqualTo(2);
    }

    @Test
    void addressesFitTheOtherFamilyWhereTheyMeanTheSame() {
        StickTable four = table(KeyType.IP, 4, 10, 0, false);
        Sample mapped = address(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 10, 1, 2, 3);
        assertThat(four.makeKey(mapped)).isTrue();
        assertThat(mapped.copyBytes()).containsExactly(10, 1, 2, 3);
        assertThat(four.makeKey(address(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16))).isFalse();
        StickTable six = table(KeyType.IPV6, 16, 10, 0, false);
        Sample plain = address(10, 1, 2, 3);
        assertThat(six.makeKey(plain)).isTrue();
        assertThat(six.keyText(plain.copyBytes())).isEqualTo("::ffff:10.1.2.3");
    }

    @Test
    void blocksArePaddedAndCut() {
        StickTable table = table(KeyType.BINARY, 4, 10, 0, false);
        Sample small = text("ab");
        assertThat(table.makeKey(small)).isTrue();
        assertThat(small.copyBytes()).containsExactly('a', 'b', 0, 0);
        Sample large = text("abcdef");
        assertThat(table.makeKey(large)).isTrue();
        assertThat(large.copyBytes()).containsExactly('a', 'b', 'c', 'd');
    }

    @Test
    void aFullTableForgetsWhatWasUsedLeastRecentlyAsManyAsHaproxy() {
        StickTable table = table(KeyType.STRING, 10, 1024, 0, false, stored(StickDataType.GPC0));
        for (int i = 1; i <= 1024; i++) {
            count(table, "k" + i, 1);
        }
        count(table, "k1", 1);
        count(table, "new", 1);
        assertThat(table.used()).isEqualTo(1020);
        assertThat(read(table, "k1", StickDataType.GPC0)).isEqualTo(2);
        for (int i = 2; i <= 6; i++) {
            assertThat(read(table, "k" + i, StickDataType.GPC0)).isEqualTo(-1);
        }
        assertThat(read(table, "k7", StickDataType.GPC0)).isEqualTo(1);
    }

    @Test
    void nopurgeRefusesAndEntriesInUseStay() {
        StickTable table = table(KeyType.STRING, 10, 2, 0, true, stored(StickDataType.GPC0));
        count(table, "a", 1);
        count(table, "b", 1);
        assertThat(table.findOrCreate(text("c"))).isEqualTo(StickTable.NONE);
        StickTable small = table(KeyType.STRING, 10, 1, 0, false, stored(StickDataType.GPC0));
        long held = small.findOrCreate(text("a"));
        assertThat(small.findOrCreate(text("b"))).isEqualTo(StickTable.NONE);
        small.release(held);
        assertThat(small.findOrCreate(text("b"))).isNotEqualTo(StickTable.NONE);
    }

    @Test
    void expiryCountsFromTheLastUseAndLookingIsNone() {
        StickTable table = table(KeyType.STRING, 10, 10, 1000, false, stored(StickDataType.GPC0));
        count(table, "a", 1);
        count(table, "b", 1);
        clock.addAndGet(900);
        assertThat(read(table, "a", StickDataType.GPC0)).isEqualTo(1);
        count(table, "b", 1);
        clock.addAndGet(100);
        assertThat(read(table, "a", StickDataType.GPC0)).isEqualTo(-1);
        assertThat(read(table, "b", StickDataType.GPC0)).isEqualTo(2);
        clock.addAndGet(900);
        table.sweep();
        assertThat(table.used()).isZero();
    }

    @Test
    void ratesFadeAsHaproxyLetsThemFade() {
        StickTable table = table(KeyType.STRING, 10, 10, 0, false, stored(StickDataType.GPC0), new Stored(StickDataType.GPC0_RATE, 1, 2000));
        count(table, "a", 10);
        Map<Integer, Long> seen = new LinkedHashMap<>();
        for (int at : new int[] {0, 1999, 2020, 2220, 3030, 3999, 4000}) {
            clock.set(1_000_000 + at);
            seen.put(at, read(table, "a", StickDataType.GPC0_RATE));
        }
        assertThat(seen).containsExactlyEntriesOf(new LinkedHashMap<>(Map.of(0, 10L)) {
            {
                put(1999, 10L);
                put(2020, 9L);
                put(2220, 8L);
                put(3030, 4L);
                put(3999, 0L);
                put(4000, 0L);
            }
        });
    }

    @Test
    void oneEventEndsWithItsWindow() {
        StickTable table = table(KeyType.STRING, 10, 10, 0, false, stored(StickDataType.GPC0), new Stored(StickDataType.GPC0_RATE, 1, 2000));
        count(table, "a", 1);
        clock.addAndGet(3999);
        assertThat(read(table, "a", StickDataType.GPC0_RATE)).isEqualTo(1);
        clock.addAndGet(1);
        assertThat(read(table, "a", StickDataType.GPC0_RATE)).isZero();
    }

    @Test
    void thePeriodsOfARateGoOnUntilThereIsAPauseOfTwo() {
        StickTable table = table(KeyType.STRING, 10, 10, 0, false, stored(StickDataType.GPC0), new Stored(StickDataType.GPC0_RATE, 1, 2000));
        count(table, "a", 10);
        clock.addAndGet(3000);
        count(table, "a", 1);
        assertThat(read(table, "a", StickDataType.GPC0_RATE)).isEqualTo(6);
        clock.addAndGet(1200);
        assertThat(read(table, "a", StickDataType.GPC0_RATE)).isEqualTo(1);
        clock.addAndGet(5000);
        count(table, "a", 10);
        clock.addAndGet(1900);
        assertThat(read(table, "a", StickDataType.GPC0_RATE)).isEqualTo(10);
    }

    @Test
    void arraysHoldTheSingleCounters() {
        StickTable table = table(KeyType.STRING, 10, 10, 0, false, new Stored(StickDataType.GPC, 3, 0));
        count(table, "a", 4);
        assertThat(read(table, "a", StickDataType.GPC)).isEqualTo(4);
        assertThat(read(table, "a", StickDataType.GPC0)).isEqualTo(StickTable.ABSENT);
    }

    @Test
    void aRandomHistoryIsThatOfAPlainMap() {
        StickTable table = table(KeyType.STRING, 12, 5000, 0, false, stored(StickDataType.GPC0));
        Map<String, Long> model = new HashMap<>();
        Random random = new Random(7);
        for (int i = 0; i < 60_000; i++) {
            String key = "key" + random.nextInt(3000);
            if (random.nextInt(4) == 0) {
                table.remove(text(key).copyBytes());
                model.remove(key);
            } else {
                count(table, key, 1);
                model.merge(key, 1L, Long::sum);
            }
        }
        assertThat(table.used()).isEqualTo(model.size());
        model.forEach((key, value) -> assertThat(read(table, key, StickDataType.GPC0)).isEqualTo(value));
        assertThat(table.entries()).hasSize(model.size());
    }

    @Test
    void loopsCountTogetherWithoutLosingAny() throws InterruptedException {
        StickTable table = table(KeyType.STRING, 12, 100_000, 0, false, stored(StickDataType.GPC0), stored(StickDataType.CONN_CUR));
        int loops = 4;
        CountDownLatch done = new CountDownLatch(loops);
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < loops; t++) {
            Thread thread = new Thread(() -> {
                for (int i = 0; i < 20_000; i++) {
                    Tracking tracking = new Tracking();
                    tracking.begin(1, table, table.findOrCreate(text("k" + i % 500)));
                    table.countGpc(tracking.handle(1), 0, 1);
                    tracking.end();
                }
                done.countDown();
            });
            threads.add(thread);
            thread.start();
        }
        done.await();
        for (int i = 0; i < 500; i++) {
            assertThat(read(table, "k" + i, StickDataType.GPC0)).isEqualTo(loops * 40L);
            assertThat(read(table, "k" + i, StickDataType.CONN_CUR)).isZero();
        }
    }

    @Test
    void aTableWithTheSameLineGoesOnAndAnotherStartsAnew() {
        StickTableSpec spec = spec(KeyType.STRING, 10, 10, 0, false, stored(StickDataType.GPC0));
        StickTables first = StickTables.NONE.follow(List.of(spec));
        count(first.find("t").orElseThrow(), "a", 2);
        StickTables second = first.follow(List.of(spec(KeyType.STRING, 10, 10, 0, false, stored(StickDataType.GPC0))));
        assertThat(read(second.find("t").orElseThrow(), "a", StickDataType.GPC0)).isEqualTo(2);
        assertThat(first.startedAnewIn(second)).isEmpty();
        StickTables third = second.follow(List.of(spec(KeyType.STRING, 11, 10, 0, false, stored(StickDataType.GPC0))));
        assertThat(read(third.find("t").orElseThrow(), "a", StickDataType.GPC0)).isEqualTo(-1);
        assertThat(second.startedAnewIn(third)).extracting(StickTable::name).containsExactly("t");
    }

    @Test
    void hiddenKeysAreTheSameForTheSameKeyAndTellNothing() {
        byte[] key = "Basic Ym9iOnNlY3JldA==".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(HiddenKeys.of(key)).isEqualTo(HiddenKeys.of(key.clone())).matches("hidden:[0-9a-f]{16}");
        assertThat(HiddenKeys.of("x".getBytes(StandardCharsets.ISO_8859_1))).isNotEqualTo(HiddenKeys.of(key));
    }
}
