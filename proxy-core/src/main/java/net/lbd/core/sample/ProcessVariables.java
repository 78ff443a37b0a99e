package net.lbd.core.sample;

import io.netty.buffer.ByteBufUtil;
import io.netty.util.NetUtil;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import net.lbd.config.model.SampleType;

/**
 * The variables of scope {@code proc}, of one configuration: a reload begins anew, as a new process would.
 * Thread-safe: values are immutable and replaced whole. Source: HAProxy manual, "set-var".
 */
public final class ProcessVariables {

    private final Map<String, Value> values = new ConcurrentHashMap<>();

    private record Value(SampleType type, long number, byte[] bytes) { }

    private static final byte[] NO_BYTES = {};

    boolean get(String name, Sample out) {
        Value value = values.get(name);
        if (value == null) {
            return false;
        }
        switch (value.type) {
            case BOOLEAN -> out.setBoolean(value.number != 0);
            case INTEGER -> out.setInteger(value.number);
            default -> out.setView(value.type, value.bytes, 0, value.bytes.length);
        }
        return true;
    }

    void set(String name, Sample sample) {
        values.put(name, sample.hasBytes() ? new Value(sample.type(), 0, sample.copyBytes())
                : new Value(sample.type(), sample.number(), NO_BYTES));
    }

    void unset(String name) {
        values.remove(name);
    }

    /** A variable in words, as {@code get var} tells it: its type and value; empty if it is not set. */
    Optional<String> told(String name) {
        Value value = values.get(name);
        if (value == null) {
            return Optional.empty();
        }
        return Optional.of("type=" + switch (value.type) {
            case BOOLEAN -> "bool value=<" + value.number;
            case INTEGER -> "sint value=<" + value.number;
            case ADDRESS -> (value.bytes.length == 4 ? "ipv4" : "ipv6") + " value=<" + NetUtil.bytesToIpAddress(value.bytes);
            case BINARY -> "bin value=<" + ByteBufUtil.hexDump(value.bytes);
            default -> "str value=<" + new String(value.bytes, StandardCharsets.UTF_8);
        } + ">");
    }
}
