package net.lbd.core.report;

import java.util.Locale;

/** How typed and JSON output calls the kind of a value. Source: HAProxy manual, management guide, "Typed output format". */
enum ValueType {
    STR, U32, U64, S32;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
