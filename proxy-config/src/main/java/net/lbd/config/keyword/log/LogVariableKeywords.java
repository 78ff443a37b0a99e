package net.lbd.config.keyword.log;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.lbd.config.grammar.Keyword;
import net.lbd.config.grammar.KeywordTable;
import net.lbd.config.grammar.Support;

/** The variables of log-format strings. Source: HAProxy manual, section "Custom log format". Immutable. */
public final class LogVariableKeywords {

    /**
     * A row for a variable.
     *
     * @param http it has a value in mode http only
     */
    public record LogVariable(String name, boolean http, String doc) implements Keyword {
        public LogVariable {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(doc, "doc");
        }

        @Override
        public List<String> aliases() {
            return List.of();
        }

        @Override
        public String syntax() {
            return "";
        }

        @Override
        public Support support() {
            return Support.SUPPORTED;
        }
    }

    private static final List<LogVariable> ROWS = List.of(
            any("o", "Nothing itself: its flags hold for all variables behind it."),
            any("B", "Bytes from the server to the client, head included."),
            http("CC", "The cookie of the request that 'capture cookie' kept."),
            http("CS", "The cookie of the response that 'capture cookie' kept."),
            any("H", "The name of this machine."),
            http("HM", "The method of the request."),
            http("HP", "The request's target without its query."),
            http("HPO", "The request's path, without host and query."),
            http("HQ", "The query of the request with its question mark."),
            http("HU", "The request's target."),
            http("HV", "The version of the request, such as HTTP/1.1."),
            any("ID", "The stream's unique identifier."),
            any("ST", "The status of the response."),
            any("T", "The time of accept in UTC."),
            http("Ta", "Milliseconds from the first byte of the request to the end."),
            any("Tc", "Milliseconds to connect to the server; -1: never reached."),
            any("Td", "Milliseconds of data transfer: Tt less Tq, Tw, Tc and Tr."),
            any("Tl", "The time of accept in local time."),
            any("Th", "Milliseconds of handshakes before the first byte: TLS and PROXY protocol."),
            http("Ti", "Milliseconds of idle time before the request."),
            http("Tq", "Milliseconds until the request was there: Th, Ti and TR together."),
            http("TR", "Milliseconds from the first to the last byte of the request's head."),
            http("Tr", "Milliseconds from the request's end to the response's head."),
            any("Ts", "The time of accept in seconds since 1970."),
            any("Tt", "Milliseconds from accept to the end."),
            any("Tu", "Milliseconds from the first byte of the request, as the user sees it, to the end."),
            any("Tw", "Milliseconds in queues."),
            any("U", "Bytes from the client to the server."),
            any("ac", "Connections of the process."),
            any("b", "The name of the backend."),
            any("bc", "Streams of the backend."),
            any("bi", "Our address towards the server."),
            any("bp", "Our port towards the server."),
            any("bq", "Streams that were before this one in the backend's queue."),
            any("ci", "The client's address."),
            any("cp", "The client's port."),
            any("f", "The name of the frontend."),
            any("fc", "Connections of the frontend."),
            any("fi", "The address that the client connected to."),
            any("fp", "The port that the client connected to."),
            any("ft", "The name of the frontend; with '~' if the client used TLS."),
            any("lc", "The number of the line of this frontend."),
            any("hr", "The request headers that 'capture' kept, in braces, parted by '|'."),
            any("hrl", "As hr, as a list of quoted words."),
            any("hs", "The response headers that 'capture' kept, in braces, parted by '|'."),
            any("hsl", "As hs, as a list of quoted words."),
            any("ms", "The milliseconds of the time of accept, three digits."),
            any("pid", "The number of the process."),
            http("r", "The request line."),
            any("rc", "Retries; with '+' if another server was taken."),
            any("rt", "The number of the request or session."),
            any("s", "The name of the server."),
            any("sc", "Streams of the server."),
            any("si", "The server's address."),
            any("sp", "The server's port."),
            any("sq", "Streams that were before this one in the server's queue."),
            any("sslc", "The cipher suite of the client's connection."),
            any("sslv", "The version of TLS of the client's connection."),
            any("t", "The time of accept, with milliseconds, in local time."),
            http("tr", "The time of the request, with milliseconds, in local time."),
            http("trg", "The time of the request in UTC."),
            http("trl", "The time of the request in local time."),
            any("ts", "How the session ended, two letters."),
            http("tsc", "How the session ended and what became of its cookie, four letters."));

    public static final KeywordTable<LogVariable> TABLE = KeywordTable.of(ROWS);

    /** Names that the guides of the 1.5 era print and that never existed, or exist no more. */
    public static final Map<String, String> MISNOMERS = Map.of(
            "sslV", "sslv", "sslC", "sslc", "ssl", "sslv", "Ci", "ci", "Cp", "cp", "Fi", "fi", "Fp", "fp", "Bi", "bi",
            "Bp", "bp");

    private LogVariableKeywords() { }

    private static LogVariable any(String name, String doc) {
        return new LogVariable(name, false, doc);
    }

    private static LogVariable http(String name, String doc) {
        return new LogVariable(name, true, doc);
    }
}
