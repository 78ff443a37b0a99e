package net.lbd.config.model;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The PROXY header that connections to a server begin with. The words add up, as in HAProxy: version 2 goes before
 * version 1, and options alone send nothing. Immutable.
 *
 * @param fields further fields of version 2 by their type
 */
public record SendProxy(boolean version1, boolean version2, Set<Option> options, Map<Integer, LogFormatSpec> fields) {

    /** No header. */
    public static final SendProxy NONE = new SendProxy(false, false, Set.of(), Map.of());

    /** What a version 2 header tells besides the addresses. */
    public enum Option {
        SSL, CERT_CN, SSL_CIPHER, CERT_SIG, CERT_KEY, AUTHORITY, CRC32C, UNIQUE_ID;

        /** By its spelling in the configuration. */
        public static Optional<Option> of(String word) {
            for (Option option : values()) {
                if (option.keyword().equals(word)) {
                    return Optional.of(option);
                }
            }
            return Optional.empty();
        }

        public String keyword() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }
    }

    public SendProxy {
        options = Set.copyOf(options);
        fields = Map.copyOf(fields);
    }

    /** Whether there is a header at all. */
    public boolean isSent() {
        return version1 || version2;
    }

    public SendProxy withVersion1(boolean sent) {
        return new SendProxy(sent, version2, options, fields);
    }

    public SendProxy withVersion2(boolean sent) {
        return new SendProxy(version1, sent, options, fields);
    }

    public SendProxy with(Option option, boolean told) {
        Set<Option> changed = EnumSet.noneOf(Option.class);
        changed.addAll(options);
        if (told) {
            changed.add(option);
        } else {
            changed.remove(option);
        }
        return new SendProxy(version1, version2, changed, fields);
    }

    public SendProxy withField(int type, LogFormatSpec value) {
        Map<Integer, LogFormatSpec> changed = new LinkedHashMap<>(fields);
        changed.put(type, value);
        return new SendProxy(version1, version2, options, changed);
    }
}
