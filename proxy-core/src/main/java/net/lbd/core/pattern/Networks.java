package net.lbd.core.pattern;

import java.util.ArrayList;
import java.util.List;
import net.lbd.config.model.AddressRange;
import net.lbd.config.model.PatternSpec;
import net.lbd.config.model.SampleType;
import net.lbd.core.sample.Sample;
import net.lbd.core.stream.Stream;

/**
 * {@code -m ip}: networks and ranges, kept as sorted ranges of addresses that do not overlap, so that a look-up is
 * a binary search. Families meet as in HAProxy: an IPv4 address is tried against IPv6 networks as
 * {@code ::ffff:a.b.c.d}; an IPv6 address of the forms {@code ::ffff:a.b.c.d}, {@code ::a.b.c.d} and
 * {@code 2002:a.b.c.d::} against IPv4 networks. Immutable. Source: HAProxy manual, "Matching IPv4 and
 * IPv6 addresses".
 */
final class Networks implements PatternSet {

    /** First and last address of each IPv4 range, unsigned. */
    private final long[] from4;
    private final long[] to4;
    /** First and last address of each IPv6 range, in halves, as unsigned numbers. */
    private final long[] from6;
    private final long[] to6;

    private record Range(long fromHigh, long fromLow, long toHigh, long toLow) { }

    Networks(List<PatternSpec> patterns) {
        List<Range> v4 = new ArrayList<>();
        List<Range> v6 = new ArrayList<>();
        for (PatternSpec pattern : patterns) {
            if (pattern instanceof PatternSpec.Span span) {
                (span.range().isIpv6() ? v6 : v4).add(of(span.range()));
                continue;
            }
            PatternSpec.Network network = (PatternSpec.Network) pattern;
            byte[] address = network.address().getAddress();
            if (address.length == 4) {
                long base = Integer.toUnsignedLong((int) number(address, 0, 4));
                long mask = network.prefixLength() == 0 ? 0 : 0xffffffffL << 32 - network.prefixLength() & 0xffffffffL;
                v4.add(new Range(0, base & mask, 0, base & mask | ~mask & 0xffffffffL));
            } else {
                long maskHigh = mask64(network.prefixLength());
                long maskLow = mask64(network.prefixLength() - 64);
                long high = number(address, 0, 8);
                long low = number(address, 8, 8);
                v6.add(new Range(high & maskHigh, low & maskLow, high | ~maskHigh, low | ~maskLow));
            }
        }
        List<Range> joined4 = joined(v4);
        List<Range> joined6 = joined(v6);
        this.from4 = joined4.stream().mapToLong(Range::fromLow).toArray();
        this.to4 = joined4.stream().mapToLong(Range::toLow).toArray();
        this.from6 = halves(joined6, true);
        this.to6 = halves(joined6, false);
    }

    private static Range of(AddressRange range) {
        byte[] first = range.first().getAddress();
        byte[] last = range.last().getAddress();
        return range.isIpv6() ? new Range(number(first, 0, 8), number(first, 8, 8), number(last, 0, 8), number(last, 8, 8))
                : new Range(0, number(first, 0, 4), 0, number(last, 0, 4));
    }

    private static long mask64(int prefix) {
        return prefix <= 0 ? 0 : prefix >= 64 ? -1 : -1L << 64 - prefix;
    }

    /** Sorted, those that overlap as one. */
    private static List<Range> joined(List<Range> ranges) {
        List<Range> sorted = ranges.stream().sorted((a, b) -> compare(a.fromHigh(), a.fromLow(), b.fromHigh(), b.fromLow())).toList();
        List<Range> joined = new ArrayList<>();
        for (Range range : sorted) {
            Range last = joined.isEmpty() ? null : joined.get(joined.size() - 1);
            if (last == null || compare(range.fromHigh(), range.fromLow(), last.toHigh(), last.toLow()) > 0) {
                joined.add(range);
            } else if (compare(range.toHigh(), range.toLow(), last.toHigh(), last.toLow()) > 0) {
                joined.set(joined.size() - 1, new Range(last.fromHigh(), last.fromLow(), range.toHigh(), range.toLow()));
            }
        }
        return joined;
    }

    private static long[] halves(List<Range> ranges, boolean first) {
        long[] halves = new long[2 * ranges.size()];
        for (int i = 0; i < ranges.size(); i++) {
            Range range = ranges.get(i);
            halves[2 * i] = first ? range.fromHigh() : range.toHigh();
            halves[2 * i + 1] = first ? range.fromLow() : range.toLow();
        }
        return halves;
    }

    private static int compare(long high1, long low1, long high2, long low2) {
        int c = Long.compareUnsigned(high1, high2);
        return c != 0 ? c : Long.compareUnsigned(low1, low2);
    }

    private static long number(byte[] bytes, int offset, int count) {
        long value = 0;
        for (int i = 0; i < count; i++) {
            value = value << 8 | bytes[offset + i] & 0xff;
        }
        return value;
    }

    @Override
    public SampleType wants() {
        return SampleType.ADDRESS;
    }

    @Override
    public boolean matches(Stream stream, Sample sample) {
        byte[] bytes = sample.bytes();
        int offset = sample.offset();
        if (sample.length() == 4) {
            long address = number(bytes, offset, 4);
            return contains4(address) || contains6(0, 0xffff_0000_0000L | address);
        }
        long high = number(bytes, offset, 8);
        long low = number(bytes, offset + 8, 8);
        if (contains6(high, low)) {
            return true;
        }
        if (from4.length == 0) {
            return false;
        }
        if (high == 0 && (low >>> 32 == 0xffff || low >>> 32 == 0)) {
            return contains4(low & 0xffffffffL);
        }
        return high >>> 48 == 0x2002 && contains4(high >>> 16 & 0xffffffffL);
    }

    private boolean contains4(long address) {
        int low = 0;
        int high = from4.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (address < from4[middle]) {
                high = middle - 1;
            } else if (address > to4[middle]) {
                low = middle + 1;
            } else {
                return true;
            }
        }
        return false;
    }

    private boolean contains6(long addressHigh, long addressLow) {
        int low = 0;
        int high = from6.length / 2 - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (compare(addressHigh, addressLow, from6[2 * middle], from6[2 * middle + 1]) < 0) {
                high = middle - 1;
            } else if (compare(addressHigh, addressLow, to6[2 * middle], to6[2 * middle + 1]) > 0) {
                low = middle + 1;
            } else {
                return true;
            }
        }
        return false;
    }
}
