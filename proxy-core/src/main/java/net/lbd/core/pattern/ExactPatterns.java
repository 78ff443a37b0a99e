package net.lbd.core.pattern;

import net.lbd.config.model.SampleType;
import net.lbd.core.sample.Sample;
import net.lbd.core.stream.Stream;

/** {@code -m str} and {@code -m bin}: equal to a pattern. Immutable. */
final class ExactPatterns implements PatternSet {

    private final SampleType wants;
    private final ByteKeys keys;

    ExactPatterns(SampleType wants, byte[][] patterns, boolean ignoreCase) {
        this.wants = wants;
        this.keys = new ByteKeys(patterns, ignoreCase);
    }

    @Override
    public SampleType wants() {
        return wants;
    }

    @Override
    public boolean matches(Stream stream, Sample sample) {
        return keys.find(sample.bytes(), sample.offset(), sample.length()) >= 0;
    }
}
