package net.lbd.core.rule;

import java.util.Optional;
import net.lbd.config.model.ForwardedSpec;
import net.lbd.config.model.SampleType;
import net.lbd.core.http.Ascii;
import net.lbd.core.http.HttpMessage;
import net.lbd.core.http.KnownHeader;
import net.lbd.core.sample.ByteSink;
import net.lbd.core.sample.RuntimeNames;
import net.lbd.core.sample.Sample;
import net.lbd.core.sample.SampleExpression;
import net.lbd.core.sample.Scratch;
import net.lbd.core.session.Peer;
import net.lbd.core.stream.Stream;

/**
 * {@code option forwarded}: the Forwarded header of a request, in the order proto, host, by, for. A node is an address, {@code unknown}
 * or a word that begins with an underscore; what an expression yields otherwise gets one, and what still is no node is left out.
 * Immutable. Source: RFC 7239 §4 to §6; HAProxy manual (2.8), "option forwarded".
 */
public final class ForwardedHeader {

    private static final byte[] NAME = Ascii.bytes("Forwarded");
    private static final byte[] UNKNOWN = Ascii.bytes("unknown");
    private static final byte[] BY = Ascii.bytes("by=");
    private static final byte[] FOR = Ascii.bytes("for=");
    private static final byte[] HOST = Ascii.bytes("host=\"");
    private static final byte[] HTTP = Ascii.bytes("proto=http");
    private static final byte[] HTTPS = Ascii.bytes("proto=https");

    private final boolean proto;
    private final Optional<Part> host;
    private final Optional<Part> by;
    private final Optional<Part> byPort;
    private final Optional<Part> forNode;
    private final Optional<Part> forPort;

    /** @param expression empty: what is the case */
    private record Part(Optional<SampleExpression> expression) { }

    private ForwardedHeader(ForwardedSpec spec, RuntimeNames names) {
        proto = spec.proto();
        host = part(spec.host(), names);
        by = part(spec.by(), names);
        byPort = part(spec.byPort(), names);
        forNode = part(spec.forNode(), names);
        forPort = part(spec.forPort(), names);
    }

    public static ForwardedHeader compile(ForwardedSpec spec, RuntimeNames names) {
        return new ForwardedHeader(spec, names);
    }

    private static Optional<Part> part(Optional<ForwardedSpec.Part> spec, RuntimeNames names) {
        return spec.map(part -> new Part(part.expression().map(sample -> SampleExpression.compile(sample, names))));
    }

    /** Adds the header to the stream's request, behind those that are there. */
    public void add(Stream stream) {
        ByteSink out = stream.worker().scratch().takeSink();
        if (proto) {
            out.put(stream.session().isTls() ? HTTPS : HTTP);
        }
        if (host.isPresent()) {
            host(stream, out);
        }
        if (by.isPresent()) {
            node(stream, BY, by.get(), byPort, stream.session().destination(), out);
        }
        if (forNode.isPresent()) {
            node(stream, FOR, forNode.get(), forPort, stream.session().source(), out);
        }
        if (out.length() > 0) {
            stream.request().add(NAME, out.bytes(), 0, out.length());
        }
        stream.worker().scratch().giveSink(out);
    }

    private static void separate(ByteSink out) {
        if (out.length() > 0) {
            out.put((byte) ';');
        }
    }

    private void host(Stream stream, ByteSink out) {
        Scratch scratch = stream.worker().scratch();
        ByteSink value = scratch.takeSink();
        if (host.get().expression().isPresent()) {
            text(stream, host.get().expression().get(), value);
        } else {
            HttpMessage request = stream.request();
            int header = request.find(KnownHeader.HOST, 0);
            if (header >= 0) {
                value.put(request.bytes(), request.valueOffset(header), request.valueLength(header));
            }
        }
        if (value.length() > 0) {
            separate(out);
            out.put(HOST);
            for (int i = 0; i < value.length(); i++) {
                byte b = value.bytes()[i];
                if (b == '"' || b == '\\') {
                    out.put((byte) '\\');
                }
                out.put(b);
            }
            out.put((byte) '"');
        }
        scratch.giveSink(value);
    }

    private static void node(Stream stream, byte[] name, Part node, Optional<Part> port, Peer peer, ByteSink out) {
        Scratch scratch = stream.worker().scratch();
        ByteSink value = scratch.takeSink();
        ByteSink portValue = scratch.takeSink();
        boolean v6 = nodeName(stream, node, peer, value);
        if (port.isPresent()) {
            port(stream, port.get(), peer, portValue);
        }
        if (value.length() > 0) {
            separate(out);
            out.put(name);
            boolean quoted = v6 || portValue.length() > 0;
            if (quoted) {
                out.put((byte) '"');
            }
            if (v6) {
                out.put((byte) '[');
            }
            out.put(value.bytes(), 0, value.length());
            if (v6) {
                out.put((byte) ']');
            }
            if (portValue.length() > 0) {
                out.put((byte) ':');
                out.put(portValue.bytes(), 0, portValue.length());
            }
            if (quoted) {
                out.put((byte) '"');
            }
        }
        scratch.giveSink(portValue);
        scratch.giveSink(value);
    }

    /** @return whether the name is an IPv6 address */
    private static boolean nodeName(Stream stream, Part node, Peer peer, ByteSink value) {
        if (node.expression().isEmpty()) {
            value.put(peer.isIp() ? peer.text() : UNKNOWN);
            return peer.isIp() && peer.address().length == 16;
        }
        Scratch scratch = stream.worker().scratch();
        Sample sample = scratch.take();
        boolean found = node.expression().get().evaluate(stream, sample);
        boolean address = found && sample.type() == SampleType.ADDRESS;
        boolean v6 = address && sample.length() == 16;
        if (address) {
            value.put(peer.withAddress(sample.copyBytes()).text());
        } else if (found && sample.text().equals("unknown")) {
            value.put(UNKNOWN);
        } else if (found) {
            obfuscated(sample.text(), value);
        }
        scratch.give(sample);
        return v6;
    }

    private static void port(Stream stream, Part port, Peer peer, ByteSink value) {
        if (port.expression().isEmpty()) {
            if (peer.isIp()) {
                value.put(Ascii.bytes(Integer.toString(peer.port())));
            }
            return;
        }
        Scratch scratch = stream.worker().scratch();
        Sample sample = scratch.take();
        if (port.expression().get().evaluate(stream, sample)) {
            String text = sample.text();
            if (text.matches("[0-9]{1,5}")) {
                value.put(Ascii.bytes(text));
            } else {
                obfuscated(text, value);
            }
        }
        scratch.give(sample);
    }

    /** RFC 7239 §6.3: an underscore, and then letters, digits and {@code . _ -}. */
    private static void obfuscated(String text, ByteSink value) {
        String word = text.startsWith("_") ? text : "_" + text;
        if (word.matches("_[A-Za-z0-9._-]+")) {
            value.put(Ascii.bytes(word));
        }
    }

    private static void text(Stream stream, SampleExpression expression, ByteSink out) {
        Scratch scratch = stream.worker().scratch();
        Sample sample = scratch.take();
        if (expression.evaluate(stream, sample, SampleType.STRING)) {
            out.put(Ascii.bytes(sample.text()));
        }
        scratch.give(sample);
    }
}
