package net.lbd.core.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslClientHelloHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Future;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import javax.net.ssl.SSLHandshakeException;

/**
 * The certificates of one {@code bind … ssl} line. They can be replaced while clients come: a handshake takes the table as it
 * is when the client's hello is there, and connections that have theirs are not touched. Thread-safe: one volatile
 * table; changes are made one at a time, under the object's lock.
 */
final class BindCertificates implements BindTls {

    /** A certificate as the configuration has it, and its names; what it is served from changes. */
    record Line(Path path, BindLine spec) { }

    /** Makes what a certificate is served from, with the settings of its line. */
    @FunctionalInterface
    interface BindLine {
        SniTable.Entry<ServedCertificate> serve(PemFile pem) throws TlsException;
    }

    private final List<Line> lines;
    private final boolean strict;
    private List<SniTable.Entry<ServedCertificate>> entries;
    private volatile SniTable<ServedCertificate> table;

    /**
     * @param lines at least one, with the certificates in {@code pems} at the same places
     * @param strict {@code strict-sni}
     */
    BindCertificates(List<Line> lines, List<PemFile> pems, boolean strict) throws TlsException {
        this.lines = List.copyOf(lines);
        this.strict = strict;
        List<SniTable.Entry<ServedCertificate>> made = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            made.add(lines.get(i).spec.serve(pems.get(i)));
        }
        this.entries = made;
        this.table = new SniTable<>(made, strict);
    }

    @Override
    public Set<Path> paths() {
        Set<Path> paths = new TreeSet<>();
        lines.forEach(line -> paths.add(line.path));
        return paths;
    }

    @Override
    public synchronized List<PemFile> certificates() {
        return entries.stream().map(e -> e.certificate().pem()).toList();
    }

    @Override
    public Replacement prepare(Path path, PemFile pem) throws TlsException {
        List<SniTable.Entry<ServedCertificate>> made = new ArrayList<>();
        for (Line line : lines) {
            made.add(line.path.equals(path) ? line.spec.serve(pem) : null);
        }
        return () -> replace(made);
    }

    private synchronized void replace(List<SniTable.Entry<ServedCertificate>> made) {
        List<SniTable.Entry<ServedCertificate>> next = new ArrayList<>(entries);
        for (int i = 0; i < made.size(); i++) {
            if (made.get(i) != null) {
                next.set(i, made.get(i));
            }
        }
        entries = next;
        table = new SniTable<>(next, strict);
    }

    @Override
    public ChannelHandler newHandler(ByteBufAllocator allocator) {
        SniTable<ServedCertificate> now = table;
        return now.needsOffer() ? new ByOffer(now) : now.first().newHandler(allocator);
    }

    /** Waits for the hello, and takes the certificate for what the client offers. Event-loop confined. */
    private static final class ByOffer extends SslClientHelloHandler<ServedCertificate> {

        /** An alert, fatal, unrecognized_name, RFC 6066 §3. */
        private static final byte[] UNKNOWN_NAME = {0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x70};

        private final SniTable<ServedCertificate> table;

        ByOffer(SniTable<ServedCertificate> table) {
            this.table = Objects.requireNonNull(table, "table");
        }

        @Override
        protected Future<ServedCertificate> lookup(ChannelHandlerContext ctx, ByteBuf hello) {
            ClientOffer offer = hello == null ? ClientOffer.NOTHING : ClientOffer.read(hello);
            Optional<ServedCertificate> found = table.find(offer);
            return found.isPresent()
                    ? ctx.executor().newSucceededFuture(found.get())
                    : ctx.executor().newFailedFuture(new SSLHandshakeException("no certificate for the name '" + offer.name() + "'"));
        }

        @Override
        protected void onLookupComplete(ChannelHandlerContext ctx, Future<ServedCertificate> found) {
            if (!found.isSuccess()) {
                ctx.writeAndFlush(Unpooled.wrappedBuffer(UNKNOWN_NAME));
                ctx.fireUserEventTriggered(new SslHandshakeCompletionEvent(found.cause()));
                return;
            }
            SslHandler handler = found.getNow().newHandler(ctx.alloc());
            ctx.pipeline().replace(this, SslHandler.class.getName(), handler);
        }
    }
}
