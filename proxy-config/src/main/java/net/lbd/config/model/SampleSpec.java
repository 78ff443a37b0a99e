package net.lbd.config.model;

import java.util.List;
import java.util.Objects;
import net.lbd.config.syntax.SourceLocation;

/**
 * A sample expression: a fetch and the converters behind it, such as {@code hdr(host),lower}.
 * Immutable.
 *
 * @param text as the user wrote it
 * @param type what the last converter yields
 */
public record SampleSpec(
        SourceLocation location, String text, Fetch fetch, List<Converter> converters, SampleType type) {

    public SampleSpec {
        Objects.requireNonNull(location, "location");
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(fetch, "fetch");
        converters = List.copyOf(converters);
        Objects.requireNonNull(type, "type");
    }

    /**
     * @param keyword the canonical name: aliases such as {@code hdr} are already {@code req.hdr}
     * @param arguments one for each argument that the keyword declares and the user gave
     */
    public record Fetch(String keyword, List<Argument> arguments, SampleType type) {
        public Fetch {
            Objects.requireNonNull(keyword, "keyword");
            arguments = List.copyOf(arguments);
            Objects.requireNonNull(type, "type");
        }
    }

    /** One converter of the chain. */
    public record Converter(String keyword, List<Argument> arguments, SampleType type) {
        public Converter {
            Objects.requireNonNull(keyword, "keyword");
            arguments = List.copyOf(arguments);
            Objects.requireNonNull(type, "type");
        }
    }

    /** An argument of a fetch or converter, read as the type that its keyword declares. */
    public sealed interface Argument {
        /** Text, a name, or the name of a backend or server that is known to exist. */
        record Text(String text) implements Argument {
            public Text {
                Objects.requireNonNull(text, "text");
            }
        }

        /** A number; durations in milliseconds and sizes in bytes. */
        record Number(long value) implements Argument { }

        /** The file of a map converter, with what it held when the configuration was read. */
        record MapFile(String file, List<MapEntry> entries) implements Argument {
            public MapFile {
                Objects.requireNonNull(file, "file");
                entries = List.copyOf(entries);
            }

            @Override
            public String toString() {
                return file;
            }
        }

        /**
         * One line of a map file.
         *
         * @param pattern the key, as the converter's match method compares it
         */
        record MapEntry(PatternSpec pattern, String key, String value) {
            public MapEntry {
                Objects.requireNonNull(pattern, "pattern");
                Objects.requireNonNull(key, "key");
                Objects.requireNonNull(value, "value");
            }
        }

        /** An argument left empty between two commas. */
        record Absent() implements Argument { }
    }
}
