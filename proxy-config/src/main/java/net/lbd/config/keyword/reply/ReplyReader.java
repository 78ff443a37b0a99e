package net.lbd.config.keyword.reply;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.grammar.ArgumentType;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.model.ErrorReplies;
import net.lbd.config.model.LogFormatSpec;
import net.lbd.config.model.ReplySpec;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Word;

/**
 * Reads the parameters of an answer: {@code status}, {@code content-type}, what it holds, and {@code
 * hdr}. Used for one line by one thread. Source: HAProxy manual, "http-request return".
 */
public final class ReplyReader {

    /** For the reference. */
    public static final String SYNTAX = "[status <code>] [content-type <type>] [{ default-errorfiles | errorfile <file> | "
            + "errorfiles <section> | file <file> | lf-file <file> | string <text> | lf-string <format> }] [hdr <name> <format>]…";

    private static final List<String> PARAMETERS = List.of("status", "deny_status", "content-type", "errorfile", "errorfiles",
            "file", "lf-file", "string", "lf-string", "default-errorfiles", "hdr");

    /** Two of them would let client and proxy disagree about where the answer ends. */
    private static final Set<String> FRAMING = Set.of("content-length", "transfer-encoding", "connection");

    private final Arguments arguments;
    private final ProxyDraft draft;
    private final Function<Word, LogFormatSpec> formats;
    private final boolean denies;

    private Optional<Integer> status = Optional.empty();
    private Optional<Word> contentType = Optional.empty();
    private Optional<Word> contentWord = Optional.empty();
    private Optional<Word> firstHeader = Optional.empty();
    private boolean oldStatus;
    private final List<ReplySpec.Header> headers = new ArrayList<>();
    /** What makes the content once the type is known. */
    private Function<String, ReplySpec.Content> content = type -> ReplySpec.EMPTY;
    private boolean hasPayload;
    private boolean isPage;

    /**
     * @param formats reads a log-format string of the place where the answer is made
     * @param denies {@code deny_status} is known, and without any parameter the proxy's own page is meant
     */
    public ReplyReader(Arguments arguments, ProxyDraft draft, Function<Word, LogFormatSpec> formats, boolean denies) {
        this.arguments = arguments;
        this.draft = draft;
        this.formats = formats;
        this.denies = denies;
    }

    /** Reads up to where {@code ends} says so. */
    public ReplySpec read(int defaultStatus, BooleanSupplier ends) {
        Word keyword = arguments.last();
        while (!ends.getAsBoolean()) {
            parameter(arguments.next("a parameter"));
        }
        int code = status.orElse(defaultStatus);
        if (contentWord.isEmpty() && denies && headers.isEmpty() && contentType.isEmpty() && (status.isEmpty() || oldStatus)) {
            content = type -> ReplySpec.DEFAULT_PAGE;
            isPage = true;
        }
        check(code, keyword);
        return new ReplySpec(code, content.apply(contentType.map(Word::text).orElse("")), isPage ? List.of() : headers);
    }

    /** The status, if one was given. */
    public boolean hasStatus() {
        return status.isPresent();
    }

    private void parameter(Word word) {
        switch (word.text()) {
            case "deny_status", "status" -> {
                if (word.is("deny_status") && !denies) {
                    throw arguments.unknown(word, "parameter", known());
                }
                oldStatus = word.is("deny_status");
                status = Optional.of(arguments.next("a status", ArgumentType.integer(200, 599)));
            }
            case "content-type" -> contentType = Optional.of(text("a content type"));
            case "default-errorfiles" -> page(word, ReplySpec.DEFAULT_PAGE);
            case "errorfile" -> page(word, new ReplySpec.Page(ErrorPageReader.read(arguments.next("a file"))));
            case "errorfiles" -> {
                Word section = arguments.next("the name of an http-errors section");
                draft.nameUses().add(new ProxyDraft.NameUse(ProxyDraft.NameKind.HTTP_ERRORS, section));
                page(word, new ReplySpec.PageOf(section.text()));
            }
            case "file" -> payload(word, fixed(AnswerFiles.read(arguments.next("a file"))));
            case "string" -> payload(word, fixed(bytes(text("a text").text())));
            case "lf-file" -> {
                Word file = arguments.next("a file");
                payload(word, made(formats.apply(new Word(AnswerFiles.read(file), file.location(), file.length()))));
            }
            case "lf-string" -> payload(word, made(formats.apply(text("a format"))));
            case "hdr" -> {
                firstHeader = firstHeader.or(() -> Optional.of(word));
                Word name = arguments.next("a header name");
                arguments.value(name, HeaderNames.TYPE);
                if (FRAMING.contains(name.text().toLowerCase(Locale.ROOT))) {
                    throw arguments.error(name, "'" + name + "' is made for each answer and cannot be set");
                }
                headers.add(new ReplySpec.Header(name.text(), formats.apply(text("a value"))));
            }
            default -> throw arguments.unknown(word, "parameter", known());
        }
    }

    private List<String> known() {
        return denies ? PARAMETERS : PARAMETERS.stream().filter(p -> !p.equals("deny_status")).toList();
    }

    private Word text(String what) {
        Word word = arguments.next(what);
        arguments.value(word, ArgumentType.TEXT);
        return word;
    }

    private void page(Word word, ReplySpec.Content page) {
        only(word);
        isPage = true;
        content = type -> page;
    }

    private void payload(Word word, Optional<Function<String, ReplySpec.Content>> made) {
        only(word);
        hasPayload = made.isPresent();
        made.ifPresent(m -> content = m);
    }

    private static Optional<Function<String, ReplySpec.Content>> fixed(String body) {
        return body.isEmpty() ? Optional.empty() : Optional.of(type -> new ReplySpec.Fixed(type, body));
    }

    private static Optional<Function<String, ReplySpec.Content>> made(LogFormatSpec body) {
        return body.text().isEmpty() ? Optional.empty() : Optional.of(type -> new ReplySpec.Made(type, body));
    }

    private void only(Word word) {
        contentWord.ifPresent(before -> {
            throw arguments.error(word, "'" + word + "' and '" + before + "' cannot both say what the answer holds");
        });
        contentWord = Optional.of(word);
    }

    private void check(int code, Word keyword) {
        if (hasPayload && contentType.isEmpty()) {
            throw arguments.error(contentWord.orElseThrow(), "'" + contentWord.orElseThrow()
                    + "' wants a 'content-type' to send it with");
        }
        if (hasPayload && (code == 204 || code == 304)) {
            throw arguments.error(contentWord.orElseThrow(), "an answer of status " + code + " has no body");
        }
        boolean defaults = content.apply("") instanceof ReplySpec.DefaultPage;
        if ((defaults || content.apply("") instanceof ReplySpec.PageOf) && !ErrorReplies.STATUSES.contains(code)) {
            throw arguments.error(contentWord.orElse(keyword), "there are no pages for status " + code + ", only for "
                    + statuses() + (defaults && oldStatus ? "; write 'status " + code + "' for an answer without a body" : ""));
        }
        if (!hasPayload) {
            contentType.ifPresent(type -> arguments.warn(Code.NO_EFFECT, type, "'content-type " + type + "' has no effect "
                    + (isPage ? "on a page, which brings its own" : "on an answer without a body")));
        }
        if (isPage) {
            firstHeader.ifPresent(header -> arguments.warn(Code.NO_EFFECT, header,
                    "'hdr' has no effect on a page, which brings its own headers"));
        }
    }

    /** Those for which pages can be set, for messages. */
    public static String statuses() {
        return String.join(", ", ErrorReplies.STATUSES.stream().sorted().map(String::valueOf).toList());
    }

    /** As UTF-8, one character for each byte. */
    private static String bytes(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
