package net.lbd.config.check;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.lbd.config.draft.BindDraft;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.KeywordTable;
import net.lbd.config.grammar.Parameter;
import net.lbd.config.grammar.ParameterLines;
import net.lbd.config.keyword.bind.BindKeywords;
import net.lbd.config.model.CertificateList;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Diagnostics;
import net.lbd.config.syntax.SourceLocation;
import net.lbd.config.syntax.Statement;
import net.lbd.config.syntax.Variables;
import net.lbd.config.syntax.Word;

/**
 * Reads the files of {@code crt-list}: {@code <crtfile> [\[<sslbindconf> ...\]] [[!]<snifilter> ...]}. What is wrong in them
 * is told at its place in the list. Not thread-safe. Source: HAProxy manual, "crt-list".
 */
final class CertificateListReader {

    /** The bind options that a line may have. */
    private static final Set<String> OPTIONS = Set.of("allow-0rtt", "alpn", "no-alpn", "ca-file", "ca-verify-file", "ciphers",
            "ciphersuites", "crl-file", "curves", "ecdhe", "no-ca-names", "npn", "verify", "ssl-min-ver", "ssl-max-ver", "ocsp-update",
            "client-sigalgs", "sigalgs");
    private static final KeywordTable<Parameter<BindDraft>> TABLE =
            KeywordTable.of(BindKeywords.TABLE.rows().stream().filter(row -> OPTIONS.contains(row.name())
                    || row.aliases().stream().anyMatch(OPTIONS::contains)).toList());
    private static final Pattern WORD = Pattern.compile("\\S+");
    private static final Pattern FILTER = Pattern.compile("!?(\\*|(\\*\\.)?[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*)");

    private final Path workingDirectory;
    private final CertificateFinder certificates;
    private final Diagnostics diagnostics;

    CertificateListReader(Path workingDirectory, CertificateFinder certificates, Diagnostics diagnostics) {
        this.workingDirectory = workingDirectory;
        this.certificates = certificates;
        this.diagnostics = diagnostics;
    }

    /** The lines of a list that can be used; whatever cannot is an error. */
    List<CertificateList.Line> read(Word list, Optional<String> crtBase, Optional<String> caBase) {
        List<CertificateList.Line> lines = new ArrayList<>();
        if (!certificates.findFile(list, "list of certificates")) {
            return lines;
        }
        List<String> text;
        try {
            text = Files.readAllLines(workingDirectory.resolve(list.text()), StandardCharsets.UTF_8);
        } catch (IOException | InvalidPathException e) {
            diagnostics.error(Code.MISSING_FILE, list, "the list of certificates '" + list + "' cannot be read: "
                    + (e instanceof java.nio.charset.CharacterCodingException ? "it is no text" : e.getMessage()));
            return lines;
        }
        for (int i = 0; i < text.size(); i++) {
            List<Word> words = words(list.text(), i + 1, text.get(i));
            if (!words.isEmpty() && !words.get(0).text().startsWith("#")) {
                line(list.text(), words, name -> certificates.find(name, crtBase, "crt-base"), caBase).ifPresent(lines::add);
            }
        }
        if (lines.isEmpty() && !diagnostics.hasErrors()) {
            diagnostics.error(Code.CERTIFICATE, list, "the list of certificates '" + list + "' names none");
        }
        return lines;
    }

    /** Brackets are words of their own. */
    private static List<Word> words(String file, int number, String line) {
        List<Word> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(line);
        while (matcher.find()) {
            String text = matcher.group();
            int column = matcher.start() + 1;
            if (text.startsWith("[") && text.length() > 1) {
                words.add(new Word("[", new SourceLocation(file, number, column), 1));
                text = text.substring(1);
                column++;
            }
            boolean closes = text.endsWith("]") && text.length() > 1;
            words.add(new Word(closes ? text.substring(0, text.length() - 1) : text, new SourceLocation(file, number, column),
                    text.length() - (closes ? 1 : 0)));
            if (closes) {
                words.add(new Word("]", new SourceLocation(file, number, column + text.length() - 1), 1));
            }
        }
        return words;
    }

    /**
     * Reads a line that a command adds to a list.
     *
     * @param number the place that it gets
     */
    Optional<CertificateList.Line> read(String list, int number, String text, Optional<String> caBase) {
        List<Word> words = words(list, number, text);
        return words.isEmpty() ? Optional.empty() : line(list, words, name -> Optional.of(name.text()), caBase);
    }

    private Optional<CertificateList.Line> line(String list, List<Word> words, Function<Word, Optional<String>> finder, Optional<String> caBase) {
        Word name = words.get(0);
        BindDraft draft = new BindDraft(name, List.of());
        int next = 1;
        String optionText = "";
        if (next < words.size() && words.get(next).text().equals("[")) {
            int end = next + 1;
            while (end < words.size() && !words.get(end).text().equals("]")) {
                end++;
            }
            if (end == words.size()) {
                diagnostics.error(Code.BAD_VALUE, words.get(next), "'[' has no ']' in this line");
                return Optional.empty();
            }
            List<Word> options = words.subList(next + 1, end);
            optionText = String.join(" ", options.stream().map(Word::text).toList());
            if (!options.isEmpty()) {
                options(name, options, draft);
            }
            next = end + 1;
        }
        List<String> filters = new ArrayList<>();
        for (Word filter : words.subList(next, words.size())) {
            if (FILTER.matcher(filter.text()).matches()) {
                filters.add(filter.text());
            } else {
                diagnostics.error(Code.BAD_VALUE, filter, "'" + filter
                        + "' is no name that a certificate can be for; write a host name, with '*.' or '!' before it");
            }
        }
        certificates.resolveAuthorities(draft.settings(), caBase);
        Optional<String> path = finder.apply(name);
        String text = optionText;
        return path.map(found -> new CertificateList.Line(
                list, name.text(), found, draft.settings().build(), text, filters, name.location()));
    }

    private void options(Word name, List<Word> options, BindDraft draft) {
        List<Word> statement = new ArrayList<>();
        statement.add(name);
        statement.addAll(options);
        ParameterLines.read(new Arguments(new Statement(statement), 1, false, diagnostics,
                new Variables(Map.of())), TABLE, draft);
    }
}
