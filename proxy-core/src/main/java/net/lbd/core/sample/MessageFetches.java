package net.lbd.core.sample;

import static java.util.Map.entry;

import java.util.Map;
import java.util.function.Function;
import net.lbd.config.model.SampleType;
import net.lbd.core.http.Ascii;
import net.lbd.core.http.HttpMessage;
import net.lbd.core.stream.Stream;

/**
 * Fetches over a whole head: all headers, their names, hashes of where the request goes, and the authority of its
 * target. Compiled fetches are immutable. Source: HAProxy manual, "req.hdrs", "base32", "url_ip".
 */
final class MessageFetches {

    private static final byte[] HOST = Ascii.bytes("host");
    private static final byte[] CRLF = {'\r', '\n'};

    static final Map<String, FetchCompiler> ROWS = Map.ofEntries(
            entry("req.hdrs", FetchCompiler.of((stream, out) -> headers(stream, stream.request(), out))),
            entry("res.hdrs", FetchCompiler.of((stream, out) -> headers(stream, stream.response(), out))),
            entry("req.hdr_names", (arguments, names) -> names(arguments, Stream::request)),
            entry("res.hdr_names", (arguments, names) -> names(arguments, Stream::response)),
            entry("base32", FetchCompiler.of((stream, out) -> hash(stream.request(), false, out))),
            entry("url32", FetchCompiler.of((stream, out) -> hash(stream.request(), true, out))),
            entry("base32+src", FetchCompiler.of((stream, out) -> hashAndSource(stream, false, out))),
            entry("url32+src", FetchCompiler.of((stream, out) -> hashAndSource(stream, true, out))),
            entry("req.hdrs_bin", FetchCompiler.of((stream, out) -> binaryHeaders(stream, stream.request(), out))),
            entry("res.hdrs_bin", FetchCompiler.of((stream, out) -> binaryHeaders(stream, stream.response(), out))),
            entry("http_first_req", FetchCompiler.of((stream, out) -> {
                out.setBoolean(stream.session().requests() <= 1);
                return true;
            })),
            entry("url_ip", FetchCompiler.of((stream, out) -> authority(stream.request(), out) && host(out)
                    && Casts.cast(out, SampleType.ADDRESS))),
            entry("url_port", FetchCompiler.of((stream, out) -> authority(stream.request(), out) && port(out))));

    private MessageFetches() { }

    private static boolean headers(Stream stream, HttpMessage head, Sample out) {
        if (!head.isPresent()) {
            return false;
        }
        ByteSink sink = stream.worker().scratch().takeSink();
        for (int i = 0; i < head.headerCount(); i++) {
            if (!head.isRemoved(i)) {
                for (int k = 0; k < head.nameLength(i); k++) {
                    sink.put(Ascii.lower(head.bytes()[head.nameOffset(i) + k]));
                }
                sink.put((byte) ':');
                sink.put((byte) ' ');
                sink.put(head.bytes(), head.valueOffset(i), head.valueLength(i));
                sink.put(CRLF);
            }
        }
        sink.put(CRLF);
        return own(stream, sink, SampleType.STRING, out);
    }

    private static Fetch names(ArgumentList arguments, Function<Stream, HttpMessage> message) {
        String text = arguments.text(0, ",");
        byte delimiter = (byte) (text.isEmpty() ? ',' : text.charAt(0));
        return (stream, out) -> {
            HttpMessage head = message.apply(stream);
            if (!head.isPresent()) {
                return false;
            }
            ByteSink sink = stream.worker().scratch().takeSink();
            for (int i = 0; i < head.headerCount(); i++) {
                if (!head.isRemoved(i)) {
                    if (sink.length() > 0) {
                        sink.put(delimiter);
                    }
                    for (int k = 0; k < head.nameLength(i); k++) {
                        sink.put(Ascii.lower(head.bytes()[head.nameOffset(i) + k]));
                    }
                }
            }
            return own(stream, sink, SampleType.STRING, out);
        };
    }

    private static boolean own(Stream stream, ByteSink sink, SampleType type, Sample out) {
        out.own(type, sink);
        stream.worker().scratch().giveSink(sink);
        return true;
    }

    /** The SDBM hash of Host and path, spread, as HAProxy makes it for tables and balancing. */
    private static boolean hash(HttpMessage head, boolean withQuery, Sample out) {
        if (!head.isPresent()) {
            return false;
        }
        int hash = 0;
        int host = head.find(HOST, 0);
        if (host >= 0) {
            hash = add(hash, head.bytes(), head.valueOffset(host), head.valueLength(host));
        }
        if (head.hasPath()) {
            int end = withQuery ? head.targetOffset() + head.targetLength() : head.pathOffset() + head.pathLength();
            hash = add(hash, head.bytes(), head.pathOffset(), end - head.pathOffset());
        }
        out.setInteger(Hashes.avalanche(hash) & 0xffff_ffffL);
        return true;
    }

    private static boolean hashAndSource(Stream stream, boolean withQuery, Sample out) {
        byte[] source = stream.session().source().address();
        if (!hash(stream.request(), withQuery, out) || source.length == 0) {
            return false;
        }
        long hash = out.number();
        byte[] to = out.setOwned(SampleType.BINARY, 4 + source.length);
        for (int i = 0; i < 4; i++) {
            to[i] = (byte) (hash >> 24 - 8 * i);
        }
        System.arraycopy(source, 0, to, 4, source.length);
        return true;
    }

    /** Each name and value behind its length; two empty texts at the end. */
    private static boolean binaryHeaders(Stream stream, HttpMessage head, Sample out) {
        if (!head.isPresent()) {
            return false;
        }
        ByteSink sink = stream.worker().scratch().takeSink();
        for (int i = 0; i < head.headerCount(); i++) {
            if (!head.isRemoved(i)) {
                putLength(head.nameLength(i), sink);
                for (int k = 0; k < head.nameLength(i); k++) {
                    sink.put(Ascii.lower(head.bytes()[head.nameOffset(i) + k]));
                }
                putLength(head.valueLength(i), sink);
                sink.put(head.bytes(), head.valueOffset(i), head.valueLength(i));
            }
        }
        sink.put((byte) 0);
        sink.put((byte) 0);
        return own(stream, sink, SampleType.BINARY, out);
    }

    /** A number of variable length as SPOE and the peers protocol have it: up to 239 in one byte. */
    private static void putLength(int length, ByteSink sink) {
        if (length < 240) {
            sink.put((byte) length);
            return;
        }
        sink.put((byte) (length | 240));
        int rest = length - 240 >> 4;
        while (rest >= 128) {
            sink.put((byte) (rest | 128));
            rest = rest - 128 >> 7;
        }
        sink.put((byte) rest);
    }

    private static int add(int start, byte[] bytes, int offset, int length) {
        int hash = start;
        for (int i = offset; i < offset + length; i++) {
            hash = bytes[i] + (hash << 6) + (hash << 16) - hash;
        }
        return hash;
    }

    /** The part of an absolute target between the slashes and the path, as a view. */
    private static boolean authority(HttpMessage head, Sample out) {
        byte[] bytes = head.bytes();
        int end = head.targetOffset() + head.targetLength();
        for (int i = head.targetOffset(); head.isPresent() && i + 2 < end && bytes[i] != '/' && bytes[i] != '?'; i++) {
            if (bytes[i] == ':' && bytes[i + 1] == '/' && bytes[i + 2] == '/') {
                int stop = i + 3;
                while (stop < end && bytes[stop] != '/' && bytes[stop] != '?') {
                    stop++;
                }
                out.setView(SampleType.STRING, bytes, i + 3, stop - i - 3);
                return true;
            }
        }
        return false;
    }

    private static int colon(Sample authority) {
        for (int i = authority.length() - 1; i >= 0 && authority.bytes()[authority.offset() + i] != ']'; i--) {
            if (authority.bytes()[authority.offset() + i] == ':') {
                return i;
            }
        }
        return -1;
    }

    private static boolean host(Sample out) {
        int colon = colon(out);
        out.truncate(colon < 0 ? out.length() : colon);
        return out.length() > 0;
    }

    private static boolean port(Sample out) {
        int colon = colon(out);
        if (colon < 0) {
            out.setInteger(80);
        } else {
            out.setInteger(Casts.parseNumber(out.bytes(), out.offset() + colon + 1, out.length() - colon - 1));
        }
        return true;
    }
}
