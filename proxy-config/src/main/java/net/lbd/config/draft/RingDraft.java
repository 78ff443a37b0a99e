package net.lbd.config.draft;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.lbd.config.model.LogTargetSpec;
import net.lbd.config.model.RingSpec;

/** What a {@code ring} section says. Not thread-safe. */
public final class RingDraft {

    private Optional<String> description = Optional.empty();
    private LogTargetSpec.Format format = LogTargetSpec.Format.RAW;
    private int maxLineBytes = RingSpec.DEFAULT_BYTES;
    private int sizeBytes = RingSpec.DEFAULT_BYTES;
    private Duration connectTimeout = Duration.ZERO;
    private Duration serverTimeout = Duration.ZERO;
    private final List<RingSpec.Server> servers = new ArrayList<>();

    public void describe(String text) {
        description = Optional.of(text);
    }

    public void format(LogTargetSpec.Format chosen) {
        format = chosen;
    }

    public void maxLineBytes(int bytes) {
        maxLineBytes = bytes;
    }

    public void sizeBytes(int bytes) {
        sizeBytes = bytes;
    }

    public void connectTimeout(Duration time) {
        connectTimeout = time;
    }

    public void serverTimeout(Duration time) {
        serverTimeout = time;
    }

    public List<RingSpec.Server> servers() {
        return servers;
    }

    public RingSpec toSpec(String name) {
        return new RingSpec(name, description.orElse(name), format, maxLineBytes, sizeBytes, servers, connectTimeout, serverTimeout);
    }
}
