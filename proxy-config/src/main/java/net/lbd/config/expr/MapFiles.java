package net.lbd.config.expr;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.lbd.config.grammar.Addresses;
import net.lbd.config.grammar.StatementException;
import net.lbd.config.grammar.ValueException;
import net.lbd.config.model.MatchMethod;
import net.lbd.config.model.SampleSpec.Argument;
import net.lbd.config.model.PatternSpec;
import net.lbd.config.model.SampleType;
import net.lbd.config.syntax.Word;

/**
 * Reads the files of {@code map} converters when the configuration is read: a key and a value on each line, blank
 * lines and lines that begin with '#' left out. Stateless. Source: HAProxy manual, "map".
 */
final class MapFiles {

    private static final long LARGEST_BYTES = 64L << 20;

    private MapFiles() { }

    /** How the keys of a converter are compared: {@code map_beg_int} by {@code beg}. */
    static MatchMethod method(String converter) {
        String[] parts = converter.split("_");
        String name = parts.length == 1 ? "str" : parts[1].equals("regm") ? "reg" : parts[1];
        return MatchMethod.byKeyword(name).orElseThrow();
    }

    /** @param output what the values must be */
    static Argument.MapFile read(String file, String converter, SampleType output) throws ValueException {
        List<Argument.MapEntry> entries = new ArrayList<>();
        int number = 0;
        for (String line : lines(file)) {
            number++;
            String text = line.strip();
            if (text.isEmpty() || text.startsWith("#")) {
                continue;
            }
            int blank = 0;
            while (blank < text.length() && !Character.isWhitespace(text.charAt(blank))) {
                blank++;
            }
            String key = text.substring(0, blank);
            String value = text.substring(blank).strip();
            if (value.isEmpty()) {
                throw new ValueException("line " + number + " of '" + file + "' has a key and no value");
            }
            check(value, output, number, file);
            try {
                Word word = new Word(key, net.lbd.config.syntax.SourceLocation.BUILT_IN, key.length());
                PatternSpec pattern = PatternReader.read(List.of(word), method(converter), false).get(0);
                if (pattern instanceof PatternSpec.Span) {
                    throw new ValueException("line " + number + " of '" + file + "': '" + key + "': a map has networks, of which the smallest counts; ranges"
                            + " stand in ACLs");
                }
                entries.add(new Argument.MapEntry(pattern, key, value));
            } catch (StatementException e) {
                throw new ValueException("line " + number + " of '" + file + "': " + e.getMessage());
            }
        }
        return new Argument.MapFile(file, entries);
    }

    private static void check(String value, SampleType output, int number, String file) throws ValueException {
        if (output == SampleType.INTEGER && !value.matches("-?[0-9]{1,19}")) {
            throw new ValueException("line " + number + " of '" + file + "': '" + value + "' is not a number");
        }
        if (output == SampleType.ADDRESS) {
            Addresses.network(value);
        }
    }

    private static List<String> lines(String file) throws ValueException {
        try {
            Path path = Path.of(file);
            if (Files.exists(path) && (!Files.isRegularFile(path) || Files.size(path) > LARGEST_BYTES)) {
                throw new ValueException("'" + file + "' is not a file, or larger than 64 MiB");
            }
            return Files.readAllLines(path, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            throw new ValueException("cannot read the map file '" + file + "': it does not exist");
        } catch (MalformedInputException e) {
            throw new ValueException("'" + file + "' is not UTF-8 text");
        } catch (IOException | InvalidPathException e) {
            throw new ValueException("cannot read the map file '" + file + "': " + e.getMessage());
        }
    }
}
