package net.lbd.config.expr;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.lbd.config.grammar.StatementException;
import net.lbd.config.keyword.sample.SampleVocabulary;
import net.lbd.config.keyword.sample.SampleVocabulary.DerivedAcl;
import net.lbd.config.model.AclSpec;
import net.lbd.config.model.MatchMethod;
import net.lbd.config.model.PatternSpec;
import net.lbd.config.model.SampleSpec;
import net.lbd.config.model.SampleType;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Diagnostics;
import net.lbd.config.syntax.Nearest;
import net.lbd.config.syntax.Word;

/**
 * Reads {@code criterion [flags] [patterns]}: what stands behind the name of an ACL, or between braces.
 * Stateless.
 */
public final class AclReader {

    /** A pattern file that is larger is refused: it is read into memory at every check. */
    private static final long LARGEST_PATTERN_FILE = 64L << 20;

    /** The one device that people name on purpose. */
    private static final Path NO_PATTERNS = Path.of("/dev/null");

    private AclReader() { }

    /**
     * @param words at least the criterion
     */
    public static AclSpec.Test read(List<Word> words, Diagnostics diagnostics) {
        Word criterion = words.get(0);
        String name = SampleReader.leadingName(criterion.text());
        Optional<DerivedAcl> derived = SampleVocabulary.derivedAcl(name);
        SampleSpec sample;
        Optional<MatchMethod> method = Optional.empty();
        if (derived.isPresent()) {
            sample = SampleReader.readDerived(
                    criterion, derived.get().fetch(), SampleReader.Direction.REQUEST, diagnostics);
            // Behind a converter the method follows from the type, as for any expression; path_beg and its like name theirs.
            if (sample.converters().isEmpty() || derived.get().method() != MatchMethod.STR) {
                method = Optional.of(derived.get().method());
            }
        } else if (SampleVocabulary.FETCHES.find(name).isEmpty()) {
            throw new StatementException(Code.UNKNOWN_FETCH, Words.part(criterion, 0, Math.max(1, name.length()), diagnostics),
                    "unknown ACL criterion '" + (name.isEmpty() ? criterion.text() : name) + "'"
                            + Nearest.suggestion(name, SampleVocabulary.criteria()));
        } else {
            sample = SampleReader.read(criterion, SampleReader.Direction.REQUEST, diagnostics);
        }
        boolean ignoreCase = false;
        boolean noPatternExpected = false;
        boolean keysOnly = false;
        List<Word> fileNames = new ArrayList<>();
        List<Word> patternWords = new ArrayList<>();
        int i = 1;
        boolean flags = true;
        while (i < words.size()) {
            Word word = words.get(i++);
            if (!flags || !word.text().startsWith("-") || word.text().length() < 2 || isNegativeNumber(word)) {
                flags = false;
                patternWords.add(word);
                continue;
            }
            switch (word.text()) {
                case "-i" -> ignoreCase = true;
                case "-n" -> { }
                case "--" -> {
                    flags = false;
                    noPatternExpected = true;
                }
                case "-m" -> {
                    Word methodWord = argument(words, i++, word, "a match method");
                    method = Optional.of(method(methodWord));
                }
                case "-f" -> {
                    fileNames.add(argument(words, i++, word, "a file"));
                    noPatternExpected = true;
                }
                case "-M" -> {
                    keysOnly = true;
                    noPatternExpected = true;
                }
                case "-u" -> argument(words, i++, word, "a number");
                default -> throw new StatementException(Code.PATTERN, word, "unknown flag '" + word
                        + "'; use -i, -f, -m, -M, -n, -u, or -- before a pattern that begins with '-'");
            }
        }
        List<AclSpec.PatternFile> files = new ArrayList<>();
        for (int f = 0, at = 0; f < fileNames.size(); f++) {
            List<Word> lines = file(fileNames.get(f), keysOnly);
            files.add(new AclSpec.PatternFile(fileNames.get(f).text(), lines.stream().map(Word::text).toList()));
            patternWords.addAll(at, lines);
            at += lines.size();
        }
        MatchMethod chosen = method.isPresent() ? method.get() : defaultMethod(sample, criterion);
        if (method.isEmpty() && chosen == MatchMethod.BOOL && comparesNumbers(patternWords)) {
            chosen = MatchMethod.INT;
        }
        checkMethod(chosen, sample, criterion);
        if (chosen == MatchMethod.FOUND && !patternWords.isEmpty()) {
            diagnostics.warn(Code.PATTERN, patternWords.get(0), "'" + patternWords.get(0) + "' is not looked at: -m found takes no pattern");
            patternWords.clear();
        }
        List<PatternSpec> patterns = PatternReader.read(patternWords, chosen, sample.fetch().keyword().equals("req.ssl_ver"));
        boolean needsPatterns = chosen != MatchMethod.FOUND && chosen != MatchMethod.BOOL;
        if (needsPatterns && patterns.isEmpty() && !noPatternExpected) {
            diagnostics.warn(Code.PATTERN, criterion, "'" + criterion + "' is compared with no pattern and never matches",
                    "add a pattern, or -m found to test whether there is a value");
        }
        return new AclSpec.Test(criterion.location(), sample, chosen, ignoreCase, patterns, // Operators and versions have a meaning that commands could not know of.
                patterns.size() == patternWords.size() && !sample.fetch().keyword().equals("req.ssl_ver") ? files : List.of());
    }

    private static boolean isNegativeNumber(Word word) {
        return word.text().charAt(1) >= '0' && word.text().charAt(1) <= '9';
    }

    private static Word argument(List<Word> words, int index, Word flag, String what) {
        if (index >= words.size()) {
            throw new StatementException(Code.MISSING_ARGUMENT, flag, "'" + flag + "' wants " + what);
        }
        return words.get(index);
    }

    private static MatchMethod method(Word word) {
        return MatchMethod.byKeyword(word.text()).orElseThrow(() -> new StatementException(Code.PATTERN, word,
                "unknown match method '" + word + "'; use found, bool, int, ip, bin, len, str, beg, sub, dir, dom, end or reg"));
    }

    /** A truth value is 1 or 0 to HAProxy, and may be compared with numbers. */
    private static boolean comparesNumbers(List<Word> patterns) {
        return !patterns.isEmpty() && List.of("eq", "ge", "gt", "le", "lt").contains(patterns.get(0).text());
    }

    private static MatchMethod defaultMethod(SampleSpec sample, Word criterion) {
        int last = sample.converters().size() - 1;
        boolean anything = last >= 0 && SampleVocabulary.CONVERTERS.find(sample.converters().get(last).keyword())
                .filter(c -> c.output() == SampleType.ANY).isPresent();
        return switch (anything ? SampleType.ANY : sample.type()) {
            case BOOLEAN -> MatchMethod.BOOL;
            case INTEGER -> MatchMethod.INT;
            case ADDRESS -> MatchMethod.IP;
            case STRING, METHOD -> MatchMethod.STR;
            case BINARY, ANY -> throw new StatementException(Code.PATTERN, criterion, "'" + criterion + "' yields "
                    + Casts.describe(anything ? SampleType.ANY : sample.type()) + ", so the match method must be named with -m");
        };
    }

    private static void checkMethod(MatchMethod method, SampleSpec sample, Word criterion) {
        boolean fits = switch (method) {
            case FOUND -> true;
            case BOOL, INT -> sample.type() != SampleType.ADDRESS && sample.type() != SampleType.METHOD;
            case IP -> sample.type() != SampleType.BOOLEAN && sample.type() != SampleType.METHOD;
            case BIN, LEN, STR, BEG, SUB, DIR, DOM, END, REG -> true;
        };
        if (!fits) {
            throw new StatementException(Code.PATTERN, criterion, "-m " + method.keyword()
                    + " cannot be used with '" + sample.text() + "', which yields " + Casts.describe(sample.type()));
        }
    }

    /** The lines of a pattern file, or with {@code -M} the keys of a map: blank lines and lines that begin with '#' are left out. */
    private static List<Word> file(Word name, boolean keysOnly) {
        try {
            Path path = Path.of(name.text());
            if (Files.exists(path) && (!Files.isRegularFile(path) && !path.equals(NO_PATTERNS) || Files.size(path) > LARGEST_PATTERN_FILE)) {
                throw new StatementException(Code.FILE, name, "'" + name + "' is not a file, or larger than 64 MiB");
            }
            List<Word> patterns = new ArrayList<>();
            for (String line : Files.readAllLines(path, StandardCharsets.UTF_8)) {
                String pattern = line.strip();
                if (!pattern.isEmpty() && !pattern.startsWith("#")) {
                    patterns.add(new Word(keysOnly ? pattern.split("\\s", 2)[0] : pattern, name.location(), name.length()));
                }
            }
            return patterns;
        } catch (MalformedInputException e) {
            throw new StatementException(Code.FILE, name, "'" + name + "' is not UTF-8 text");
        } catch (IOException | InvalidPathException e) {
            throw new StatementException(Code.FILE, name, "cannot read the pattern file '" + name + "': " + reason(e));
        }
    }

    private static String reason(Exception e) {
        if (e instanceof NoSuchFileException) {
            return "it does not exist";
        }
        return e instanceof AccessDeniedException ? "permission denied" : String.valueOf(e.getMessage());
    }
}
