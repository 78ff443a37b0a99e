package net.lbd.config.expr;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.lbd.config.grammar.StatementException;
import net.lbd.config.grammar.Support;
import net.lbd.config.grammar.ValueException;
import net.lbd.config.keyword.sample.ConverterKeyword;
import net.lbd.config.keyword.sample.FetchKeyword;
import net.lbd.config.keyword.sample.SampleVocabulary;
import net.lbd.config.keyword.sample.Signature;
import net.lbd.config.model.SampleSpec;
import net.lbd.config.model.SampleType;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Diagnostics;
import net.lbd.config.syntax.Nearest;
import net.lbd.config.syntax.Word;

/**
 * Reads {@code fetch(args),converter(args),…} from a word. Source: HAProxy manual, section "Fetching
 * data samples". Used for one expression by one thread.
 */
public final class SampleReader {

    /** Which message {@code hdr} and its kin mean. */
    public enum Direction { REQUEST, RESPONSE }

    private final Word word;
    private final String text;
    private final Diagnostics diagnostics;
    private final Direction direction;
    private int position;

    private SampleReader(Word word, int from, Direction direction, Diagnostics diagnostics) {
        this.word = word;
        this.text = word.text();
        this.position = from;
        this.direction = direction;
        this.diagnostics = diagnostics;
    }

    /** An expression and the index behind it. */
    record Parsed(SampleSpec sample, int end) { }

    /** A word that is an expression and nothing else. */
    public static SampleSpec read(Word word, Direction direction, Diagnostics diagnostics) {
        SampleReader reader = new SampleReader(word, 0, direction, diagnostics);
        SampleSpec sample = reader.expression(Optional.empty());
        if (reader.position < reader.text.length()) {
            throw reader.error(Code.EXPRESSION, reader.position, reader.text.length(),
                    "'" + reader.text.substring(reader.position) + "' is left over behind the expression '"
                            + sample.text() + "'");
        }
        return sample;
    }

    /** An expression inside a longer text; ends before the first character that cannot belong to it. */
    static Parsed readAt(Word word, int from, Direction direction, Diagnostics diagnostics) {
        SampleReader reader = new SampleReader(word, from, direction, diagnostics);
        SampleSpec sample = reader.expression(Optional.empty());
        return new Parsed(sample, reader.position);
    }

    /** As {@link #read}, with a fetch that is known already because an ACL name stands for it. */
    static SampleSpec readDerived(
            Word word, FetchKeyword fetch, Direction direction, Diagnostics diagnostics) {
        SampleReader reader = new SampleReader(word, 0, direction, diagnostics);
        SampleSpec sample = reader.expression(Optional.of(fetch));
        if (reader.position < reader.text.length()) {
            throw reader.error(Code.EXPRESSION, reader.position, reader.text.length(),
                    "'" + reader.text.substring(reader.position) + "' is left over behind '" + sample.text() + "'");
        }
        return sample;
    }

    /** The name at the beginning of an expression. */
    static String leadingName(String text) {
        int end = 0;
        while (end < text.length() && isNamePart(text.charAt(end))) {
            end++;
        }
        return text.substring(0, end);
    }

    private SampleSpec expression(Optional<FetchKeyword> known) {
        int start = position;
        String name = name();
        if (name.isEmpty()) {
            throw error(Code.EXPRESSION, start, start + 1, "a sample fetch was expected at '" + text.substring(start) + "'");
        }
        FetchKeyword keyword = known.isPresent() ? known.get() : fetch(name, start);
        noteSupport(keyword.support(), keyword.name(), start);
        List<SampleSpec.Argument> ofFetch = arguments(keyword.signature(), name, start);
        try {
            FetchArguments.check(keyword.name(), ofFetch);
        } catch (ValueException e) {
            throw error(Code.EXPRESSION, start, position, "'" + name + "': " + e.getMessage());
        }
        SampleSpec.Fetch fetch = new SampleSpec.Fetch(keyword.name(), ofFetch, keyword.type());
        List<SampleSpec.Converter> converters = new ArrayList<>();
        SampleType type = keyword.type();
        while (position < text.length() && text.charAt(position) == ',') {
            position++;
            if (position == text.length() || text.charAt(position) == ',' || text.charAt(position) == ']') {
                diagnostics.warn(Code.EXPRESSION, sub(position - 1, position), "no converter stands behind this comma; it is left out");
                continue;
            }
            int converterStart = position;
            ConverterKeyword converter = converter();
            checkCast(type, converter, converterStart);
            noteSupport(converter.support(), converter.name(), converterStart);
            type = converter.output() == SampleType.ANY ? type : converter.output();
            List<SampleSpec.Argument> given = arguments(converter.signature(), converter.name(), converterStart);
            try {
                ConverterArguments.check(converter.name(), given);
            } catch (ValueException e) {
                throw error(Code.EXPRESSION, converterStart, position, "'" + converter.name() + "': " + e.getMessage());
            }
            converters.add(new SampleSpec.Converter(converter.name(), given, type));
        }
        return new SampleSpec(
                sub(start, position).location(), text.substring(start, position), fetch, converters, type);
    }

    private FetchKeyword fetch(String name, int start) {
        String canonical = switch (name) {
            case "hdr" -> direction == Direction.REQUEST ? "req.hdr" : "res.hdr";
            case "payload", "payload_lv" -> direction == Direction.REQUEST ? name : "res." + name;
            default -> name;
        };
        Optional<FetchKeyword> found = SampleVocabulary.FETCHES.find(canonical);
        if (found.isPresent()) {
            return found.get();
        }
        if (SampleVocabulary.derivedAcl(name).isPresent()) {
            throw error(Code.UNKNOWN_FETCH, start, start + name.length(),
                    "'" + name + "' is the name of an ACL criterion, not of a sample fetch; it may only begin an ACL");
        }
        throw error(Code.UNKNOWN_FETCH, start, start + name.length(), "unknown sample fetch '" + name + "'"
                + Nearest.suggestion(name, SampleVocabulary.FETCHES.names()));
    }

    private ConverterKeyword converter() {
        int start = position;
        String name = name();
        return SampleVocabulary.CONVERTERS.find(name).orElseThrow(() -> error(
                Code.UNKNOWN_CONVERTER, start, Math.max(start + 1, start + name.length()),
                name.isEmpty() ? "a converter was expected behind ','"
                        : "unknown converter '" + name + "'"
                                + Nearest.suggestion(name, SampleVocabulary.CONVERTERS.names())));
    }

    private void checkCast(SampleType from, ConverterKeyword converter, int start) {
        if (!Casts.possible(from, converter.input())) {
            throw error(Code.EXPRESSION, start, start + converter.name().length(),
                    "converter '" + converter.name() + "' cannot take " + Casts.describe(from) + "; it wants "
                            + Casts.describe(converter.input()));
        }
    }

    private void noteSupport(Support support, String name, int start) {
        if (support instanceof Support.NotYet not) {
            diagnostics.notice(Code.NOT_YET, sub(start, start + name.length()), "'" + name + "' " + not.said());
        }
    }

    private String name() {
        int start = position;
        while (position < text.length() && isNamePart(text.charAt(position))) {
            position++;
        }
        return text.substring(start, position);
    }

    private static boolean isNamePart(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
                || c == '.' || c == '_' || c == '-' || c == '+';
    }

    private List<SampleSpec.Argument> arguments(Signature signature, String name, int nameStart) {
        List<String> texts = new ArrayList<>();
        int open = position;
        if (position < text.length() && text.charAt(position) == '(') {
            position = ArgumentSplitter.split(text, position + 1, texts);
            if (position < 0) {
                position = text.length();
                throw error(Code.EXPRESSION, open, text.length(), "')' is missing behind '" + name + "('");
            }
        }
        List<Signature.Argument> declared = signature.arguments();
        if (texts.isEmpty() && declared.isEmpty()) {
            return List.of();
        }
        if (texts.isEmpty() && position > open && signature.required() > 0) {
            // Parentheses around nothing hold one argument, which is empty: str() is a text.
            texts.add("");
        }
        if (texts.size() > declared.size()) {
            throw error(Code.EXPRESSION, open, position, "'" + name + "' takes "
                    + (declared.isEmpty() ? "no arguments" : "at most " + declared.size()
                            + (declared.size() == 1 ? " argument" : " arguments") + ": " + name + signature.syntax()));
        }
        List<SampleSpec.Argument> read = new ArrayList<>();
        for (int i = 0; i < declared.size(); i++) {
            Signature.Argument argument = declared.get(i);
            boolean given = i < texts.size() && !texts.get(i).isEmpty();
            boolean emptyText = i < texts.size() && texts.get(i).isEmpty()
                    && (argument.kind() == Signature.Kind.STRING || argument.kind() == Signature.Kind.REGEX);
            if (!given && !emptyText) {
                if (!argument.optional()) {
                    throw error(Code.EXPRESSION, nameStart, position,
                            "'" + name + "' wants its argument <" + argument.name() + ">: " + name + signature.syntax());
                }
                if (i < texts.size()) {
                    read.add(new SampleSpec.Argument.Absent());
                }
                continue;
            }
            int from = open;
            int to = position;
            if (argument.kind() == Signature.Kind.MAP) {
                read.add(map(texts.get(i), name, open));
                continue;
            }
            read.add(SampleArguments.read(argument, texts.get(i),
                    message -> error(Code.EXPRESSION, from, to, "'" + name + "': " + message)));
        }
        return read;
    }

    private SampleSpec.Argument map(String file, String name, int from) {
        ConverterKeyword converter = SampleVocabulary.CONVERTERS.find(name).orElseThrow();
        try {
            return MapFiles.read(file, converter.name(), converter.output());
        } catch (ValueException e) {
            throw error(Code.EXPRESSION, from, position, "'" + name + "': " + e.getMessage());
        }
    }

    private StatementException error(Code code, int from, int to, String message) {
        return new StatementException(code, sub(from, to), message);
    }

    private Word sub(int from, int to) {
        return Words.part(word, from, to, diagnostics);
    }
}
