package net.lbd.core.connect;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.channel.unix.Errors;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class FaultsTest {

    private final Logger logger = (Logger) LoggerFactory.getLogger(Faults.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.start();
        logger.setAdditive(false);
        logger.addAppender(log);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(log);
        logger.setAdditive(true);
    }

    @Test
    void theNetworksFaultsAreNotLogged() {
        Faults.report("a", new IOException("Connection reset by peer"));
        Faults.report("a", new Errors.NativeIoException("recv", Errors.ERRNO_ECONNRESET_NEGATIVE));
        Faults.report("a", new ClosedChannelException());
        Faults.report("a", new DecoderException(new NotSslRecordException("not TLS")));
        assertThat(log.list).isEmpty();
    }

    @Test
    void bugsAreLoggedWithTheirTraceAndWhoseTheyAre() {
        Faults.report("client connection 7", new IllegalStateException("broken"));
        Faults.report("client connection 8", new DecoderException(new IllegalStateException("broken")));
        assertThat(log.list).extracting(ILoggingEvent::getLevel).containsExactly(Level.ERROR, Level.ERROR);
        assertThat(log.list.get(0).getFormattedMessage()).contains("LBR002 client connection 7 is closed");
        assertThat(log.list).allMatch(e -> e.getThrowableProxy() != null);
    }
}
