package net.lbd.bench;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import net.lbd.config.model.StickDataType;
import net.lbd.config.model.StickTableSpec;
import net.lbd.config.model.SampleType;
import net.lbd.config.syntax.SourceLocation;
import net.lbd.core.sample.Sample;
import net.lbd.core.stick.StickTable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A stick-table with a million addresses and the counters of an abuse rule, looked at and counted in by as many threads as {@code -t} says:
 * each stands for an event loop. Says at the start what an entry costs.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class StickTableBenchmark {

    @Param("1000000")
    private int entries;

    private StickTable table;

    /** Each loop has a scratch of its own. */
    @State(Scope.Thread)
    public static class Loop {
        private final SplittableRandom random = new SplittableRandom(Thread.currentThread().getId());
        private final byte[] key = new byte[4];
        private final Sample sample = new Sample();
    }

    private static StickTableSpec spec(int size) {
        List<StickTableSpec.Stored> stored = List.of(new StickTableSpec.Stored(StickDataType.GPC0, 1, 0),
                new StickTableSpec.Stored(StickDataType.CONN_CUR, 1, 0), new StickTableSpec.Stored(StickDataType.CONN_RATE, 1, 10_000),
                new StickTableSpec.Stored(StickDataType.HTTP_REQ_CNT, 1, 0), new StickTableSpec.Stored(StickDataType.HTTP_REQ_RATE, 1, 10_000),
                new StickTableSpec.Stored(StickDataType.HTTP_ERR_RATE, 1, 10_000));
        return new StickTableSpec("bench", SourceLocation.BUILT_IN, StickTableSpec.KeyType.IP, 4, size, 3_600_000, false, Optional.empty(),
                false, stored, Optional.empty(), false, false);
    }

    @Setup(Level.Trial)
    public void fill() {
        table = new StickTable(spec(entries), () -> System.nanoTime() / 1_000_000);
        Loop loop = new Loop();
        for (int i = 0; i < entries; i++) {
            table.release(table.findOrCreate(key(loop, i)));
        }
        System.out.printf("%n%,d entries, %d bytes each%n", table.used(), table.bytes() / table.used());
    }

    /** Numbers that lie apart from each other, as addresses do. */
    private static Sample key(Loop loop, int number) {
        int address = number * 0x9e3779b1;
        for (int i = 0; i < 4; i++) {
            loop.key[i] = (byte) (address >> 8 * i);
        }
        loop.sample.setView(SampleType.ADDRESS, loop.key, 0, 4);
        return loop.sample;
    }

    /** What {@code src_get_gpc0} and its kin do: find, read, give back. */
    @Benchmark
    public long lookUp(Loop loop) {
        long handle = table.find(key(loop, loop.random.nextInt(entries)));
        long value = table.value(handle, StickDataType.HTTP_REQ_RATE, 0);
        table.release(handle);
        return value;
    }

    /** What tracking a request does: find, count it and its rate, give back. */
    @Benchmark
    public void count(Loop loop) {
        long handle = table.findOrCreate(key(loop, loop.random.nextInt(entries)));
        table.count(handle, StickDataType.HTTP_REQ_CNT, StickDataType.HTTP_REQ_RATE, 0, 1);
        table.release(handle);
    }
}
