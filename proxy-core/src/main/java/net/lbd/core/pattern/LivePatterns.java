package net.lbd.core.pattern;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import net.lbd.config.model.AclSpec;
import net.lbd.config.model.MatchMethod;
import net.lbd.config.model.SampleType;
import net.lbd.core.pattern.PatternReference.Entry;
import net.lbd.core.sample.Casts;
import net.lbd.core.sample.ConfiguredText;
import net.lbd.core.sample.Sample;
import net.lbd.core.stream.Stream;

/** The patterns that an {@code acl} line takes from a file, as they are now. Thread-safe: they are replaced whole. */
final class LivePatterns implements PatternSet, PatternReference.View {

    private final AclSpec.Test test;
    private volatile PatternSet now;

    /** @param test whose method and flags count; its patterns do not */
    LivePatterns(AclSpec.Test test) {
        this.test = Objects.requireNonNull(test, "test");
        this.now = compile(List.of());
    }

    private PatternSet compile(List<String> keys) {
        return PatternSets.compile(test.with(keys.stream().map(key -> PatternTexts.read(test.method(), key)).toList()));
    }

    @Override
    public SampleType wants() {
        return now.wants();
    }

    @Override
    public boolean matches(Stream stream, Sample sample) {
        return now.matches(stream, sample);
    }

    @Override
    public String method() {
        return test.method().keyword();
    }

    @Override
    public boolean ignoresCase() {
        return test.ignoreCase();
    }

    @Override
    public void check(String key, String value) {
        compile(List.of(key));
    }

    @Override
    public void changed(Optional<String> key, PatternReference entries) {
        now = compile(entries.all().stream().map(Entry::key).toList());
    }

    @Override
    public Optional<Entry> match(String text, PatternReference entries) {
        byte[] bytes = ConfiguredText.bytes(text);
        for (Entry entry : entries.all()) {
            Sample sample = new Sample();
            sample.setView(SampleType.STRING, bytes, 0, bytes.length);
            PatternSet one = compile(List.of(entry.key()));
            // Regular expressions keep their state in an event loop, where a command is not.
            boolean matches = test.method() == MatchMethod.REG ? entry.key().equals(text)
                    : Casts.cast(sample, one.wants()) && one.matches(null, sample);
            if (matches) {
                return Optional.of(entry);
            }
        }
        return Optional.empty();
    }
}
