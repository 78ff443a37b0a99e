package net.lbd.core.sample;

import java.util.Arrays;
import net.lbd.config.model.SampleType;

/**
 * Variables of a session or a stream. Names are interned strings with their scope, so that they outlive a
 * reload of the configuration; there are as few as a configuration names, and they are searched one by one.
 * What a variable once held is kept for its next value. Event-loop confined. Source: HAProxy manual, "set-var".
 */
public final class Variables {

    private static final String[] NO_NAMES = {};
    private static final Value[] NO_VALUES = {};

    private String[] names = NO_NAMES;
    private Value[] values = NO_VALUES;
    private int count;

    /** What a variable holds. */
    private static final class Value {
        private static final byte[] NO_BYTES = {};

        private boolean set;
        private SampleType type = SampleType.BOOLEAN;
        private long number;
        private byte[] bytes = NO_BYTES;
        private int length;
    }

    /** Forgets all. */
    public void clear() {
        for (int i = 0; i < count; i++) {
            values[i].set = false;
        }
    }

    /** Forgets those of a scope, such as {@code req.}. */
    public void clear(String scope) {
        for (int i = 0; i < count; i++) {
            if (names[i].startsWith(scope)) {
                values[i].set = false;
            }
        }
    }

    /** @param name interned */
    @SuppressWarnings("PMD.CompareObjectsWithEquals")
    private int find(String name) {
        for (int i = 0; i < count; i++) {
            if (names[i] == name) {
                return i;
            }
        }
        return -1;
    }

    /**
     * Makes the sample a view of a variable, valid until the variable changes.
     *
     * @return false if it is not set
     */
    public boolean get(String name, Sample out) {
        int i = find(name);
        if (i < 0 || !values[i].set) {
            return false;
        }
        Value value = values[i];
        switch (value.type) {
            case BOOLEAN -> out.setBoolean(value.number != 0);
            case INTEGER -> out.setInteger(value.number);
            default -> out.setView(value.type, value.bytes, 0, value.length);
        }
        return true;
    }

    /** Sets a variable to a copy of the sample. */
    public void set(String name, Sample sample) {
        int i = find(name);
        if (i < 0) {
            i = add(name);
        }
        Value value = values[i];
        value.type = sample.type();
        value.set = true;
        if (!sample.hasBytes()) {
            value.number = sample.number();
            return;
        }
        int length = sample.length();
        if (value.bytes.length < length) {
            value.bytes = new byte[Math.max(length, 64)];
        }
        System.arraycopy(sample.bytes(), sample.offset(), value.bytes, 0, length);
        value.length = length;
    }

    private int add(String name) {
        if (count == names.length) {
            names = Arrays.copyOf(names, count + 4);
            values = Arrays.copyOf(values, count + 4);
        }
        names[count] = name;
        values[count] = new Value();
        return count++;
    }

    public void unset(String name) {
        int i = find(name);
        if (i >= 0) {
            values[i].set = false;
        }
    }
}
