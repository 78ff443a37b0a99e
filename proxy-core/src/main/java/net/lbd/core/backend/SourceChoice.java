package net.lbd.core.backend;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Objects;
import java.util.Optional;
import net.lbd.config.model.SourceSpec;
import net.lbd.config.model.SourceSpec.As;
import net.lbd.core.connect.LocalAddress;
import net.lbd.core.netns.Namespace;
import net.lbd.core.sample.Sample;
import net.lbd.core.sample.SampleExpression;
import net.lbd.core.sample.Scratch;
import net.lbd.core.session.Peer;
import net.lbd.core.stream.Stream;

/** {@code source} and {@code namespace}: where the connections of one server come from. Immutable. Source: HAProxy manual, "source", "namespace". */
public final class SourceChoice {

    private final As as;
    private final LocalAddress own;
    /** Of {@code hdr_ip}. */
    private final Optional<SampleExpression> header;
    private final Place place;

    /**
     * Where the sockets are made.
     *
     * @param namespace a network namespace; empty: the daemon's
     * @param clients that of the client, instead
     */
    public record Place(Optional<Namespace> namespace, boolean clients) {
        /** In the daemon's network namespace. */
        public static final Place HERE = new Place(Optional.empty(), false);
    }

    /** @param header compiled from the sample of {@link As.Header} */
    public SourceChoice(SourceSpec spec, Optional<SampleExpression> header, Place place) {
        this(spec.as(), new LocalAddress(spec.address(), spec.firstPort(), spec.lastPort(), false, spec.device(), place.namespace), header, place);
    }

    private SourceChoice(As as, LocalAddress own, Optional<SampleExpression> header, Place place) {
        this.as = as;
        this.own = own;
        this.header = Objects.requireNonNull(header, "header");
        this.place = Objects.requireNonNull(place, "place");
    }

    /** Whatever address the kernel chooses there. */
    public static SourceChoice in(Place place) {
        return new SourceChoice(new As.Own(), LocalAddress.ANY.in(place.namespace), Optional.empty(), place);
    }

    /** This machine's: of checks, and of streams that have no address to show. */
    public LocalAddress own() {
        return own;
    }

    /** Whether it is the same for every stream. */
    public boolean isFixed() {
        return as instanceof As.Own && !place.clients;
    }

    /** Of a connection that is made for a stream, or may serve it. */
    public LocalAddress of(Stream stream) {
        LocalAddress address = addressOf(stream);
        return place.clients ? address.in(stream.session().namespace()) : address;
    }

    private LocalAddress addressOf(Stream stream) {
        if (as instanceof As.Client client) {
            Peer peer = stream.session().source();
            return peer.isIp() ? own.as(address(peer.address()), client.withPort() ? peer.port() : 0) : own;
        }
        if (as instanceof As.Foreign foreign) {
            return own.as(foreign.address(), foreign.port());
        }
        if (header.isEmpty()) {
            return own;
        }
        Scratch scratch = stream.worker().scratch();
        Sample sample = scratch.take();
        LocalAddress found = header.get().evaluate(stream, sample) ? own.as(address(sample.copyBytes()), 0) : own;
        scratch.give(sample);
        return found;
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("an address of " + bytes.length + " bytes", e);
        }
    }
}
