package net.lbd.config.draft;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.lbd.config.model.ResolversSpec;
import net.lbd.config.model.ResolversSpec.Holds;
import net.lbd.config.syntax.Word;

/** What a {@code resolvers} section holds. Not thread-safe. */
public final class ResolversDraft {

    private final List<ResolversSpec.NameServer> nameServers = new ArrayList<>();
    private final Map<String, Duration> holds = new HashMap<>();
    private int retries = 3;
    private Duration resolve = Duration.ofSeconds(1);
    private Duration retry = Duration.ofSeconds(1);
    private int payloadBytes = 512;

    public List<ResolversSpec.NameServer> nameServers() {
        return nameServers;
    }

    /** @param status as the line names it */
    public void hold(String status, Duration time) {
        holds.put(status, time);
    }

    public void retries(int number) {
        retries = number;
    }

    public void resolve(Duration time) {
        resolve = time;
    }

    public void retry(Duration time) {
        retry = time;
    }

    public void payloadBytes(int bytes) {
        payloadBytes = bytes;
    }

    public ResolversSpec toSpec(Word name) {
        Holds usual = Holds.DEFAULT;
        return new ResolversSpec(name.text(), name.location(), nameServers, retries, resolve, retry, new Holds(
                holds.getOrDefault("nx", usual.nx()), holds.getOrDefault("refused", usual.refused()),
                holds.getOrDefault("timeout", usual.timeout()), holds.getOrDefault("other", usual.other()),
                holds.getOrDefault("valid", usual.valid()), holds.getOrDefault("obsolete", usual.obsolete())), payloadBytes);
    }
}
