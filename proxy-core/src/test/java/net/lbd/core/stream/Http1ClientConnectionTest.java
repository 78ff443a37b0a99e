package net.lbd.core.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.lbd.core.TestProxy;
import net.lbd.core.listen.BindRuntime;
import net.lbd.core.listen.Listener;
import net.lbd.core.session.Session;
import org.junit.jupiter.api.Test;

/** States that a test with sockets reaches by chance only. */
class Http1ClientConnectionTest {

    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    private final TestProxy proxy = TestProxy.http("http-request deny");
    private final EmbeddedChannel channel = new EmbeddedChannel();

    private Http1ClientConnection begin() {
        Listener listener = new Listener(TestProxy.LISTENER, BindRuntime.plain(proxy.frontend(), "bind"), List.of());
        Http1ClientConnection connection = new Http1ClientConnection(new Session(proxy.worker(), listener, channel, 1), () -> { });
        channel.pipeline().addLast(connection);
        connection.begin(System.nanoTime(), System.currentTimeMillis());
        return connection;
    }

    /** One client with a read full of requests must not keep all others of its worker waiting. */
    @Test
    void aTurnOfTheLoopAnswersSoManyRequestsAndNoMore() {
        begin();
        receive(REQUEST.repeat(2000));
        assertThat(sent().split("HTTP/1.1 403 ", -1)).hasSizeBetween(2, 200);
        channel.close();
    }

    private void receive(String text) {
        channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
    }

    private String sent() {
        StringBuilder all = new StringBuilder();
        channel.flush();
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            all.append(out.toString(StandardCharsets.US_ASCII));
            out.release();
        }
        return all.toString();
    }

    @Test
    void aSoftStopDoesNotCloseOnARequestThatWaitsForItsClientToTakeAnswers() {
        Http1ClientConnection connection = begin();
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        receive(REQUEST);
        connection.closeIfIdle();
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
        receive("");
        assertThat(sent()).startsWith("HTTP/1.1 403 ");
        connection.closeIfIdle();
        assertThat(channel.isOpen()).isFalse();
    }
}
