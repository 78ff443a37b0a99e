package net.lbd.core.sample;

import static java.util.Map.entry;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import net.lbd.config.model.SampleType;
import net.lbd.core.auth.Credentials;
import net.lbd.core.auth.Userlist;
import net.lbd.core.http.Ascii;
import net.lbd.core.http.HttpMessage;
import net.lbd.core.stream.Stream;

/** Who a request says that it comes from. Source: HAProxy manual, "http_auth", "http_auth_group", "http_auth_bearer". */
final class LoginFetches {

    private static final byte[] BEARER = Ascii.bytes("bearer ");

    static final Map<String, FetchCompiler> ROWS = Map.ofEntries(
            entry("http_auth", (arguments, names) -> {
                Userlist list = names.logins().list(arguments.text(0));
                return (stream, out) -> {
                    Optional<Credentials> credentials = Credentials.of(stream.request());
                    out.setBoolean(credentials.isPresent() && list.isValid(credentials.get()));
                    return true;
                };
            }),
            entry("http_auth_group", (arguments, names) -> new Groups(names.logins().list(arguments.text(0)))),
            entry("http_auth_user", FetchCompiler.of((stream, out) -> text(Credentials.of(stream.request()).map(Credentials::user), out))),
            entry("http_auth_pass", FetchCompiler.of((stream, out) -> text(Credentials.of(stream.request()).map(Credentials::password), out))),
            entry("http_auth_type", FetchCompiler.of((stream, out) -> {
                HttpMessage head = stream.request();
                int header = head.isPresent() ? head.credentials() : -1;
                if (header < 0) {
                    return false;
                }
                int length = 0;
                while (length < head.valueLength(header) && head.bytes()[head.valueOffset(header) + length] != ' ') {
                    length++;
                }
                out.setView(SampleType.STRING, head.bytes(), head.valueOffset(header), length);
                return length < head.valueLength(header);
            })),
            entry("http_auth_bearer", (arguments, names) -> {
                byte[] name = Ascii.bytes(arguments.text(0, "authorization").toLowerCase(Locale.ROOT));
                return (stream, out) -> bearer(stream.request(), name, out);
            }));

    private LoginFetches() { }

    private static boolean text(Optional<String> value, Sample out) {
        if (value.isEmpty()) {
            return false;
        }
        byte[] bytes = value.get().getBytes(StandardCharsets.ISO_8859_1);
        out.setView(SampleType.STRING, bytes, 0, bytes.length);
        return true;
    }

    private static boolean bearer(HttpMessage head, byte[] name, Sample out) {
        int header = head.isPresent() ? head.find(name, 0) : -1;
        if (header < 0 || head.valueLength(header) <= BEARER.length
                || !Ascii.equalsIgnoreCase(head.bytes(), head.valueOffset(header), BEARER)) {
            return false;
        }
        int at = head.valueOffset(header) + BEARER.length;
        int end = head.valueOffset(header) + head.valueLength(header);
        while (at < end && head.bytes()[at] == ' ') {
            at++;
        }
        out.setView(SampleType.STRING, head.bytes(), at, end - at);
        return at < end;
    }

    /** The user for all but an ACL, which looks at each of the user's groups. */
    private record Groups(Userlist list) implements MultiFetch {

        @Override
        public boolean fetch(Stream stream, Sample out) {
            return text(valid(stream).map(Credentials::user), out);
        }

        @Override
        public boolean first(Stream stream, Sample out) {
            out.cursorHeader = -1;
            return next(stream, out);
        }

        @Override
        public boolean next(Stream stream, Sample out) {
            Optional<Credentials> credentials = valid(stream);
            int group = ++out.cursorHeader;
            if (credentials.isEmpty() || group >= list.groups(credentials.get()).length) {
                return false;
            }
            byte[] name = list.groups(credentials.get())[group];
            out.setView(SampleType.STRING, name, 0, name.length);
            return true;
        }

        private Optional<Credentials> valid(Stream stream) {
            return Credentials.of(stream.request()).filter(list::isValid);
        }
    }
}
