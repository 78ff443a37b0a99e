package net.lbd.config.model;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The fields of a PROXY header, version 2, by their names. Source: "The PROXY protocol", §2.2; HAProxy manual, "fc_pp_tlv". */
public enum ProxyField {
    ALPN(0x01), AUTHORITY(0x02), CRC32C(0x03), NOOP(0x04), UNIQUE_ID(0x05), SSL(0x20), SSL_VERSION(0x21), SSL_CN(0x22),
    SSL_CIPHER(0x23), SSL_SIG_ALG(0x24), SSL_KEY_ALG(0x25), NETNS(0x30);

    private final int type;

    ProxyField(int type) {
        this.type = type;
    }

    public int type() {
        return type;
    }

    /** A name, or a number from 0 to 255, decimal or behind {@code 0x}; empty if it is neither. */
    public static Optional<Integer> type(String text) {
        Optional<ProxyField> named = Arrays.stream(values()).filter(f -> f.name().equals(text)).findFirst();
        if (named.isPresent()) {
            return named.map(ProxyField::type);
        }
        boolean hex = text.startsWith("0x");
        String digits = hex ? text.substring(2) : text;
        if (!digits.matches(hex ? "[0-9a-fA-F]{1,2}" : "[0-9]{1,3}")) {
            return Optional.empty();
        }
        int number = Integer.parseInt(digits, hex ? 16 : 10);
        return number > 255 ? Optional.empty() : Optional.of(number);
    }

    /** What {@link #type(String)} takes, for messages. */
    public static String accepted() {
        return "a number from 0 to 255 or one of "
                + List.of(values()).stream().map(Enum::name).collect(Collectors.joining(", "));
    }
}
