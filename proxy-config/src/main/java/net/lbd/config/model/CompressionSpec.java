package net.lbd.config.model;

import java.util.ArrayList;
import java.util.List;

/**
 * What a proxy compresses of responses. Immutable. Source: HAProxy manual, "compression".
 *
 * @param algorithms in the order of the configuration; empty: nothing is compressed
 * @param types beginnings of content types; empty: all
 * @param minimumBytes smaller responses, where their size is known, are left alone
 * @param offload servers do not hear that the client takes compressed content
 */
public record CompressionSpec(List<Algorithm> algorithms, List<String> types, int minimumBytes, boolean offload) {

    public static final CompressionSpec NONE = new CompressionSpec(List.of(), List.of(), 0, false);

    /** How content is compressed, and what it is called in {@code Accept-Encoding} and {@code Content-Encoding}. */
    public enum Algorithm {
        IDENTITY("identity", "identity"),
        GZIP("gzip", "gzip"),
        DEFLATE("deflate", "deflate"),
        /** Without the wrapper that the standard has. */
        RAW_DEFLATE("raw-deflate", "deflate");

        private final String keyword;
        private final String coding;

        Algorithm(String keyword, String coding) {
            this.keyword = keyword;
            this.coding = coding;
        }

        public String keyword() {
            return keyword;
        }

        public String coding() {
            return coding;
        }
    }

    public CompressionSpec {
        algorithms = List.copyOf(algorithms);
        types = List.copyOf(types);
    }

    public CompressionSpec with(Algorithm algorithm) {
        List<Algorithm> all = new ArrayList<>(algorithms);
        all.add(algorithm);
        return new CompressionSpec(all, types, minimumBytes, offload);
    }

    public CompressionSpec withType(String type) {
        List<String> all = new ArrayList<>(types);
        all.add(type);
        return new CompressionSpec(algorithms, all, minimumBytes, offload);
    }

    public CompressionSpec withMinimum(int bytes) {
        return new CompressionSpec(algorithms, types, bytes, offload);
    }

    public CompressionSpec withOffload() {
        return new CompressionSpec(algorithms, types, minimumBytes, true);
    }
}
