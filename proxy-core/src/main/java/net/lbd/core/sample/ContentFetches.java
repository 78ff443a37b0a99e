package net.lbd.core.sample;

import static java.util.Map.entry;

import java.util.Arrays;
import java.util.Map;
import java.util.function.UnaryOperator;
import net.lbd.config.model.SampleType;
import net.lbd.core.http.Ascii;
import net.lbd.core.stream.Inspection;
import net.lbd.core.stream.Stream;

/**
 * The first bytes of a client or a server, before anyone has made sense of them: their number, parts of them, the hello of a
 * TLS connection that is passed through, the cookie of RDP. While more may come, what is not there yet is asked
 * for. Source: HAProxy manual, "Fetching samples at Layer 6".
 */
final class ContentFetches {

    static final Map<String, FetchCompiler> ROWS = Map.ofEntries(
            entry("req.len", FetchCompiler.of((stream, out) -> {
                out.setInteger(stream.inspection().ofRequest().length());
                stream.inspection().ofRequest().miss();
                return true;
            })),
            entry("res.len", FetchCompiler.of((stream, out) -> {
                if (stream.isHttp()) {
                    return false;
                }
                out.setInteger(stream.inspection().ofResponse().length());
                stream.inspection().ofResponse().miss();
                return true;
            })),
            entry("res.payload", (arguments, names) -> payload(arguments, Inspection::ofResponse)),
            entry("res.payload_lv", (arguments, names) -> payloadBehindLength(arguments, Inspection::ofResponse)),
            entry("res.ssl_hello_type", FetchCompiler.of((stream, out) -> TlsHello.completeType(stream.inspection().ofResponse(), out))),
            entry("wait_end", FetchCompiler.of((stream, out) -> {
                boolean over = !stream.inspection().mayGrow();
                out.setBoolean(over);
                stream.inspection().miss();
                return true;
            })),
            entry("req.proto_http", FetchCompiler.of(ContentFetches::isHttp)),
            entry("req.payload", (arguments, names) -> payload(arguments, Inspection::ofRequest)),
            entry("payload", (arguments, names) -> payload(arguments, Inspection::ofRequest)),
            entry("req.payload_lv", (arguments, names) -> payloadBehindLength(arguments, Inspection::ofRequest)),
            entry("payload_lv", (arguments, names) -> payloadBehindLength(arguments, Inspection::ofRequest)),
            entry("req.ssl_hello_type", FetchCompiler.of((stream, out) -> TlsHello.type(stream.inspection().ofRequest(), out))),
            entry("req.ssl_ver", FetchCompiler.of((stream, out) -> TlsHello.version(stream.inspection().ofRequest(), out))),
            entry("req.ssl_st_ext", FetchCompiler.of((stream, out) -> TlsHello.sessionTicket(stream.inspection().ofRequest(), out))),
            entry("req.ssl_sni", FetchCompiler.of((stream, out) -> TlsHello.serverName(stream.inspection().ofRequest(), out))),
            entry("req.ssl_alpn", FetchCompiler.of((stream, out) -> TlsHello.protocols(stream.inspection().ofRequest(), out))),
            entry("req.ssl_ec_ext", FetchCompiler.of((stream, out) -> TlsHello.hasCurves(stream.inspection().ofRequest(), out))),
            entry("req.rdp_cookie", (arguments, names) -> {
                byte[] name = Ascii.bytes(arguments.text(0, ""));
                return (stream, out) -> RdpCookie.find(stream.inspection().ofRequest(), name, out);
            }),
            entry("req.rdp_cookie_cnt", (arguments, names) -> {
                byte[] name = Ascii.bytes(arguments.text(0, ""));
                return (stream, out) -> {
                    boolean found = RdpCookie.find(stream.inspection().ofRequest(), name, out);
                    out.setInteger(found ? 1 : 0);
                    return true;
                };
            }));

    private ContentFetches() { }

    private static boolean isHttp(Stream stream, Sample out) {
        if (stream.isHttp()) {
            out.setBoolean(stream.request().isPresent());
            return true;
        }
        Inspection input = stream.inspection().ofRequest();
        int end = input.length();
        byte[] bytes = input.bytes();
        int i = 0;
        while (i < end && bytes[i] > ' ' && bytes[i] < 127 && bytes[i] != ':') {
            i++;
        }
        if (i == end) {
            input.miss();
            out.setBoolean(false);
            return true;
        }
        int line = i;
        while (line < end && bytes[line] != '\n') {
            line++;
        }
        if (line == end) {
            input.miss();
            out.setBoolean(false);
            return true;
        }
        int stop = line > 0 && bytes[line - 1] == '\r' ? line - 1 : line;
        boolean preface = stop == PREFACE.length && Arrays.equals(bytes, 0, stop, PREFACE, 0, stop);
        out.setBoolean(preface || i > 0 && bytes[i] == ' ' && stop >= 9 && Ascii.equalsIgnoreCase(bytes, stop - 8, VERSION));
        return true;
    }

    private static final byte[] VERSION = Ascii.bytes("http/1.");
    /** The first line of a client of HTTP/2. */
    private static final byte[] PREFACE = Ascii.bytes("PRI * HTTP/2.0");

    private static Fetch payload(ArgumentList arguments, UnaryOperator<Inspection> side) {
        long offset = arguments.number(0);
        long length = arguments.number(1);
        return (stream, out) -> part(side.apply(stream.inspection()), offset, length, out);
    }

    /** @param length 0: all that is there, which may become more */
    private static boolean part(Inspection input, long offset, long length, Sample out) {
        if (offset < 0 || length < 0 || offset + length > input.length() || offset > input.length()) {
            input.miss();
            return false;
        }
        int size = length == 0 ? input.length() - (int) offset : (int) length;
        if (length == 0) {
            input.miss();
        }
        out.setView(SampleType.BINARY, input.bytes(), (int) offset, size);
        return size > 0;
    }

    private static Fetch payloadBehindLength(ArgumentList arguments, UnaryOperator<Inspection> side) {
        int at = (int) arguments.number(0);
        int size = (int) arguments.number(1);
        String where = arguments.text(2, "");
        boolean relative = where.startsWith("+") || where.startsWith("-");
        int shift = where.isEmpty() ? 0 : Integer.parseInt(where.startsWith("+") ? where.substring(1) : where);
        return (stream, out) -> {
            Inspection input = side.apply(stream.inspection());
            if (at + size > input.length()) {
                input.miss();
                return false;
            }
            long length = 0;
            for (int i = 0; i < size; i++) {
                length = length << 8 | input.bytes()[at + i] & 0xff;
            }
            long start = where.isEmpty() ? at + size : relative ? at + size + shift : shift;
            return length > 0 && part(input, start, length, out);
        };
    }
}
