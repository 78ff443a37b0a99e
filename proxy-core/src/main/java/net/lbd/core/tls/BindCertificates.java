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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.lbd.config.model.BindSettings;
import net.lbd.config.model.CertificateList;
import net.lbd.config.model.Settings;

/**
 * The certificates of one {@code bind … ssl} line. They can be replaced while clients come: a handshake takes the table as it
 * is when the client's hello is there, and connections that have theirs are not touched. Thread-safe: one volatile
 * table; changes are made one at a time, under the store's lock.
 */
final class BindCertificates implements BindTls, TlsUser {

    /** A certificate as the configuration or a command has it, and what it is served from at this moment. */
    private record Served(ServedLine line, SniTable.Entry<ServedCertificate> entry) { }

    private final Settings settings;
    private final boolean strict;
    private final int captureBytes;
    /** Changed under the store's lock. */
    private List<Served> served;
    private volatile SniTable<ServedCertificate> table;

    /** @param lines at least one, in the order of the configuration */
    BindCertificates(Settings settings, List<ServedLine> lines, TlsSources sources) throws TlsException {
        this.settings = settings;
        this.strict = settings.get(BindSettings.STRICT_SNI);
        this.captureBytes = sources.tuning().captureBytes();
        List<Served> made = new ArrayList<>();
        for (ServedLine line : lines) {
            made.add(serve(line, sources));
        }
        put(made);
    }

    private static Served serve(ServedLine line, TlsSources sources) throws TlsException {
        return new Served(line, TlsContexts.entry(line, sources));
    }

    private void put(List<Served> now) {
        served = List.copyOf(now);
        table = new SniTable<>(now.stream().map(Served::entry).toList(), strict);
    }

    /** The certificates in their order. */
    List<ServedLine> lines() {
        return served.stream().map(Served::line).toList();
    }

    // ---- changes

    @Override
    public boolean uses(String file) {
        return served.stream().anyMatch(s -> s.line.uses(file));
    }

    @Override
    public Replacement prepare(TlsSources sources, String file) throws TlsException {
        List<Served> next = new ArrayList<>();
        for (Served one : served) {
            next.add(one.line.uses(file) ? serve(one.line, sources) : one);
        }
        return () -> put(next);
    }

    /** Gets everything ready to show the certificate of one more line of a list. */
    Replacement prepareLine(CertificateList.Line line, TlsSources sources) throws TlsException {
        List<Served> next = new ArrayList<>(served);
        next.add(serve(ServedLine.of(settings, line), sources));
        return () -> put(next);
    }

    /** The folders whose files are shown; reads the disk. */
    Set<Path> folders() {
        return Stream.concat(settings.get(BindSettings.CRT).values().stream(), served.stream().flatMap(s -> s.line.listed().stream()).map(CertificateList.Line::path))
                .map(Path::of).filter(Files::isDirectory).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Gets everything ready to show one more file of a folder, at the place that a reload would give it. */
    Replacement prepareFile(Path folder, Path file, TlsSources sources) throws TlsException {
        List<Served> next = new ArrayList<>(served);
        if (settings.get(BindSettings.CRT).values().stream().map(Path::of).anyMatch(folder::equals)) {
            insert(next, serve(new ServedLine(file, settings, List.of(), Optional.empty()), sources),
                    line -> line.listed().isEmpty() && folder.equals(line.path().getParent()));
        }
        for (CertificateList.Line line : served.stream().flatMap(s -> s.line.listed().stream()).distinct().toList()) {
            if (Path.of(line.path()).equals(folder)) {
                insert(next, serve(ServedLine.of(settings, line, file), sources), other -> other.listed().filter(line::equals).isPresent());
            }
        }
        return () -> put(next);
    }

    /** Among its kin in the order of their names; without any, behind all. */
    private static void insert(List<Served> list, Served added, Predicate<ServedLine> kin) {
        int place = list.size();
        for (int i = list.size() - 1; i >= 0; i--) {
            if (kin.test(list.get(i).line)) {
                boolean before = list.get(i).line.path().compareTo(added.line.path()) > 0;
                place = before ? i : place == list.size() ? i + 1 : place;
            }
        }
        list.add(place, added);
    }

    /** Gets everything ready to do without some; empty if they are all that there are. */
    Optional<Replacement> prepareWithout(Predicate<ServedLine> leaving) {
        List<Served> next = served.stream().filter(s -> !leaving.test(s.line)).toList();
        return next.isEmpty() ? Optional.empty() : Optional.of(() -> put(next));
    }

    // ---- clients

    @Override
    public ChannelHandler newHandler(ByteBufAllocator allocator) {
        SniTable<ServedCertificate> now = table;
        return now.needsOffer() || captureBytes > 0 ? new ByOffer(now, captureBytes) : now.first().newHandler(allocator);
    }

    /** Waits for the hello, and takes the certificate for what the client offers. Event-loop confined. */
    private static final class ByOffer extends SslClientHelloHandler<ServedCertificate> {

        /** An alert, fatal, unrecognized_name, RFC 6066 §3. */
        private static final byte[] UNKNOWN_NAME = {0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x70};

        private final SniTable<ServedCertificate> table;
        private final int captureBytes;

        ByOffer(SniTable<ServedCertificate> table, int captureBytes) {
            this.table = Objects.requireNonNull(table, "table");
            this.captureBytes = captureBytes;
        }

        @Override
        protected Future<ServedCertificate> lookup(ChannelHandlerContext ctx, ByteBuf hello) {
            if (hello != null && captureBytes > 0) {
                ctx.fireUserEventTriggered(HelloCapture.read(hello, captureBytes));
            }
            ClientOffer offer = hello == null ? ClientOffer.NOTHING : ClientOffer.read(hello);
            Optional<ServedCertificate> found = table.find(offer);
            return found.isPresent()
                    ? ctx.executor().newSucceededFuture(found.get())
                    : ctx.executor().newFailedFuture(new UnknownNameException(offer.name()));
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
