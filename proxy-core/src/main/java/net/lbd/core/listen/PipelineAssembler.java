package net.lbd.core.listen;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import java.util.List;
import java.util.Optional;
import net.lbd.config.model.ProxyMode;
import net.lbd.core.runtime.Worker;
import net.lbd.core.session.Session;
import net.lbd.core.stream.Http1ClientConnection;
import net.lbd.core.stream.TcpClientConnection;

/**
 * Puts the handlers of a client's connection in order; the only place that does.
 *
 * <ol>
 * <li>where a PROXY header is wanted, {@link ProxyHeaderHandler}, which {@link SessionStart} puts here and which leaves with it</li>
 * <li>where TLS begins by a command, {@link StartTlsDialog}; it gives way to TLS and {@link StartTlsFilter}</li>
 * <li>TLS, if the bind has it; its first part may look at the name asked for</li>
 * <li>{@link SessionStart}: waits until the connection is ready, applies the connection rules, and leaves</li>
 * <li>the connection of the frontend's mode: {@link Http1ClientConnection} or {@link TcpClientConnection}</li>
 * </ol>
 */
public final class PipelineAssembler {

    private PipelineAssembler() { }

    /** Called on the worker's loop for a connection that has just been accepted. */
    static void assemble(Channel channel, Worker worker, Listener listener) {
        BindRuntime bind = listener.bind();
        Frontend frontend = bind.frontend();
        worker.opened(channel);
        SocketDefaults.apply(channel, worker.allocator());
        frontend.policy().sockets().apply(channel);
        Session session = new Session(worker, listener, channel, Worker.nextSessionId());
        // A reload may give the listener others: what is entered is what is left.
        List<Admission> admissions = listener.admissions();
        Runnable onClose = () -> {
            frontend.counters().leave();
            admissions.forEach(Admission::leave);
        };
        if (bind.acceptProxy()) {
            session.expectProxyHeader();
        }
        ClientConnection connection = frontend.mode() == ProxyMode.HTTP
                ? new Http1ClientConnection(session, onClose)
                : new TcpClientConnection(session, onClose);
        Optional<ChannelHandler> tls = bind.startTls().isPresent() ? Optional.empty() : bind.tls().map(t -> t.newHandler(worker.allocator()));
        // From here on nothing fails, and the connection's end takes back what is counted.
        frontend.counters().enter();
        admissions.forEach(Admission::enter);
        listener.count(RateLimit.Event.CONNECTION);
        worker.enter(connection);
        ChannelPipeline pipeline = channel.pipeline();
        tls.ifPresent(pipeline::addLast);
        pipeline.addLast(new SessionStart(session, connection, bind));
        pipeline.addLast(connection);
    }
}
