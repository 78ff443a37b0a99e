package net.lbd.config.model;

import java.util.Map;

/**
 * The sections that proxies name. Immutable.
 *
 * @param httpErrors the pages of each {@code http-errors} section, by status
 */
public record SharedSections(Map<String, Map<Integer, ErrorPageSpec>> httpErrors) {

    public static final SharedSections NONE = new SharedSections(Map.of());

    public SharedSections {
        httpErrors = Map.copyOf(httpErrors);
    }
}
