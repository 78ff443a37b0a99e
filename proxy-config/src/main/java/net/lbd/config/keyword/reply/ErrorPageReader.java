package net.lbd.config.keyword.reply;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.lbd.config.grammar.StatementException;
import net.lbd.config.model.ErrorPageSpec;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Word;

/**
 * Reads the file of an {@code errorfile}: a whole HTTP response, status line and headers included. Lines
 * may end in LF alone. Stateless. Source: HAProxy manual, "errorfile".
 */
public final class ErrorPageReader {

    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/[0-9]\\.[0-9] +([0-9]{3})(?: (.*))?");
    private static final Pattern HEADER = Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*");

    private ErrorPageReader() { }

    /** The page in a file; {@link ErrorPageSpec#SILENT} for an empty one. */
    public static ErrorPageSpec read(Word file) {
        String text = AnswerFiles.read(file);
        if (text.isEmpty()) {
            return ErrorPageSpec.SILENT;
        }
        List<String> lines = new ArrayList<>();
        int at = 0;
        while (true) {
            int lf = text.indexOf('\n', at);
            if (lf < 0) {
                throw bad(file, "no empty line ends its headers; the file must hold a whole response, "
                        + "from 'HTTP/1.1 503 Service Unavailable' on");
            }
            String line = text.substring(at, lf > at && text.charAt(lf - 1) == '\r' ? lf - 1 : lf);
            at = lf + 1;
            if (line.isEmpty()) {
                break;
            }
            lines.add(line);
        }
        return page(file, lines, text.substring(at));
    }

    private static ErrorPageSpec page(Word file, List<String> lines, String body) {
        Matcher first = STATUS_LINE.matcher(lines.isEmpty() ? "" : lines.get(0));
        if (!first.matches()) {
            throw bad(file, "its first line is not a status line such as 'HTTP/1.1 503 Service Unavailable'");
        }
        int status = Integer.parseInt(first.group(1));
        if (status < 200 || status > 599) {
            throw bad(file, "its status " + status + " is not between 200 and 599");
        }
        if (!body.isEmpty() && (status == 204 || status == 304)) {
            throw bad(file, "a response of status " + status + " has no body");
        }
        boolean close = false;
        List<ErrorPageSpec.Field> headers = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            Matcher header = HEADER.matcher(line);
            if (!header.matches() || line.chars().anyMatch(c -> c < ' ' && c != '\t' || c == 127)) {
                throw bad(file, "'" + line + "' is not a header");
            }
            String value = header.group(2);
            switch (header.group(1).toLowerCase(Locale.ROOT)) {
                case "content-length" -> {
                    if (!value.equals(Integer.toString(body.length()))) {
                        throw bad(file, "it says Content-Length: " + value + ", and its body has " + body.length() + " bytes");
                    }
                }
                case "transfer-encoding" -> throw bad(file, "a body in chunks is not accepted");
                case "connection" -> close |= value.toLowerCase(Locale.ROOT).contains("close");
                case "keep-alive", "proxy-connection" -> { }
                default -> headers.add(new ErrorPageSpec.Field(header.group(1), value));
            }
        }
        return new ErrorPageSpec(false, status, first.group(2) == null ? "" : first.group(2), headers, close, body);
    }

    private static StatementException bad(Word file, String why) {
        return new StatementException(Code.BAD_VALUE, file, "the page '" + file + "' cannot be used: " + why);
    }
}
