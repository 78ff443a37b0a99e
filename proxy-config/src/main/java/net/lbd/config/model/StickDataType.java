package net.lbd.config.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What an entry of a stick-table may store, in the order in which {@code show table} lists it, which is also the order of
 * the bits of the peers protocol. Source: HAProxy manual, "stick-table", and doc/peers-v2.0.txt; the order of what that text
 * does not list was read off HAProxy's own messages.
 */
public enum StickDataType {
    SERVER_ID(Kind.NUMBER), GPT0(Kind.NUMBER), GPC0(Kind.NUMBER), GPC0_RATE(Kind.RATE), CONN_CNT(Kind.NUMBER),
    CONN_RATE(Kind.RATE), CONN_CUR(Kind.NUMBER), SESS_CNT(Kind.NUMBER), SESS_RATE(Kind.RATE), HTTP_REQ_CNT(Kind.NUMBER),
    HTTP_REQ_RATE(Kind.RATE), HTTP_ERR_CNT(Kind.NUMBER), HTTP_ERR_RATE(Kind.RATE), BYTES_IN_CNT(Kind.TOTAL),
    BYTES_IN_RATE(Kind.RATE), BYTES_OUT_CNT(Kind.TOTAL), BYTES_OUT_RATE(Kind.RATE), GPC1(Kind.NUMBER), GPC1_RATE(Kind.RATE),
    SERVER_KEY(Kind.TEXT), HTTP_FAIL_CNT(Kind.NUMBER), HTTP_FAIL_RATE(Kind.RATE), GPT(Kind.NUMBER), GPC(Kind.NUMBER),
    GPC_RATE(Kind.RATE), GLITCH_CNT(Kind.NUMBER), GLITCH_RATE(Kind.RATE);

    /** How it is kept. */
    public enum Kind {
        /** 32 bits without sign. */
        NUMBER,
        /** 64 bits. */
        TOTAL,
        /** How often in a period: two periods' counts and the begin of the present one. */
        RATE,
        /** A word of a dictionary. */
        TEXT
    }

    private final Kind kind;

    StickDataType(Kind kind) {
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    /** Whether there are as many of it as the table says. */
    public boolean isArray() {
        return this == GPT || this == GPC || this == GPC_RATE;
    }

    /** As the configuration and the commands write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<StickDataType> of(String word) {
        return Arrays.stream(values()).filter(type -> type.word().equals(word)).findFirst();
    }
}
