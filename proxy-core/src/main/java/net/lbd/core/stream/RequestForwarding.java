package net.lbd.core.stream;

import io.netty.buffer.ByteBuf;
import java.util.Optional;
import net.lbd.config.model.ConnectionMode;
import net.lbd.core.http.HeadWriter;
import net.lbd.core.http.HopByHop;
import net.lbd.core.http.HttpOptions;
import net.lbd.core.http.KnownHeader;

/**
 * Sends the request head to the server, and lets the body follow as it comes. From here on the two
 * directions run by themselves: the server may answer before the body ends.
 */
final class RequestForwarding implements Phase {

    private static final byte[] CONNECTION = {'C', 'o', 'n', 'n', 'e', 'c', 't', 'i', 'o', 'n'};
    private static final byte[] UPGRADE = {'U', 'p', 'g', 'r', 'a', 'd', 'e'};
    private static final byte[] CLOSE = {'c', 'l', 'o', 's', 'e'};

    @Override
    public Verdict run(HttpStream stream) {
        stream.clock().connected = stream.worker().nanos();
        if (!stream.isHeadPrepared()) {
            stream.setHeadPrepared();
            prepare(stream);
        }
        Optional<HttpOptions.HeaderName> nameHeader = stream.backend().policy().http().serverNameHeader();
        if (nameHeader.isPresent()) {
            // Each time: a retry may go to another server.
            stream.request().removeAll(nameHeader.get().lower());
            stream.request().add(nameHeader.get().name(), stream.server().nameBytes());
        }
        ByteBuf head = stream.worker().allocator().directBuffer(HeadWriter.sizeBound(stream.request()));
        HeadWriter.write(stream.request(), head);
        stream.beginForwarding(head);
        return Verdict.CONTINUE;
    }

    /** Once for each request: a retry sends the same head. */
    private static void prepare(HttpStream stream) {
        stream.client().prepareRequest(stream.request());
        stream.request().removeKnown(KnownHeader.CONNECTION);
        if ((stream.connectionTokens() & HopByHop.UPGRADE) != 0) {
            stream.request().add(CONNECTION, UPGRADE);
        } else if (stream.connectionMode() != ConnectionMode.KEEP_ALIVE && !stream.backend().policy().http().pretendKeepAlive()) {
            stream.request().add(CONNECTION, CLOSE);
        }
    }
}
