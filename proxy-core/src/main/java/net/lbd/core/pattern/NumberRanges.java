package net.lbd.core.pattern;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import net.lbd.config.model.PatternSpec;
import net.lbd.config.model.SampleType;
import net.lbd.core.sample.Sample;
import net.lbd.core.stream.Stream;

/** {@code -m int}: numbers and ranges of numbers, joined and sorted, so that a look-up is a binary search. Immutable. */
final class NumberRanges implements PatternSet {

    private final SampleType wants;
    private final long[] from;
    private final long[] to;

    NumberRanges(SampleType wants, List<PatternSpec.Range> ranges) {
        this.wants = wants;
        List<PatternSpec.Range> sorted = ranges.stream()
                .filter(r -> r.from() <= r.to())
                .sorted(Comparator.comparingLong(PatternSpec.Range::from)).toList();
        long[] starts = new long[sorted.size()];
        long[] ends = new long[sorted.size()];
        int n = 0;
        for (PatternSpec.Range range : sorted) {
            if (n > 0 && range.from() <= ends[n - 1]) {
                ends[n - 1] = Math.max(ends[n - 1], range.to());
            } else {
                starts[n] = range.from();
                ends[n++] = range.to();
            }
        }
        this.from = Arrays.copyOf(starts, n);
        this.to = Arrays.copyOf(ends, n);
    }

    @Override
    public SampleType wants() {
        return wants;
    }

    @Override
    public boolean matches(Stream stream, Sample sample) {
        return contains(sample.number());
    }

    boolean contains(long value) {
        int low = 0;
        int high = from.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (value < from[middle]) {
                high = middle - 1;
            } else if (value > to[middle]) {
                low = middle + 1;
            } else {
                return true;
            }
        }
        return false;
    }
}
