package net.lbd.config.dump;

import java.util.List;
import java.util.Objects;

/**
 * A section of the effective configuration: its own lines behind those of its {@code defaults}, variables replaced. Immutable.
 *
 * @param title its first line, such as {@code backend owa}
 */
public record EffectiveSection(String title, List<Line> lines) {

    public EffectiveSection {
        Objects.requireNonNull(title, "title");
        lines = List.copyOf(lines);
    }

    /**
     * @param text as it would be read; may hold a secret, and is for comparing only
     * @param shown the same, with secrets taken out
     */
    public record Line(String text, String shown) {
        public Line {
            Objects.requireNonNull(text, "text");
            Objects.requireNonNull(shown, "shown");
        }

        boolean isMasked() {
            return !text.equals(shown);
        }

        /** Without the secret. */
        @Override
        public String toString() {
            return shown;
        }
    }
}
