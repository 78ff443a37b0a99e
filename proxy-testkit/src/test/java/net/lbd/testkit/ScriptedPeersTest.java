package net.lbd.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ScriptedPeersTest {

    @Test
    void clientAndOriginExchangeExactBytes() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    ReceivedMessage request = connection.readRequest();
                    assertThat(request.headerLines()).containsExactly("HOST: a", "x-Odd:  two ", "Content-Length: 4");
                    assertThat(request.bodyText()).isEqualTo("body");
                    connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nT: 1\r\n\r\n");
                });
                RawClient client = RawClient.connect(origin.port())) {
            client.send("POST /x HTTP/1.1\r\nHOST: a\r\nx-Odd:  two \r\nContent-Length: 4\r\n\r\nbody");
            ReceivedMessage response = client.readResponse();
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.bodyText()).isEqualTo("abc");
            assertThat(response.rawBodyText()).isEqualTo("3\r\nabc\r\n0\r\nT: 1\r\n\r\n");
            client.expectEof();
            assertThat(origin.requests()).singleElement()
                    .extracting(ReceivedMessage::target).isEqualTo("/x");
        }
    }

    @Test
    void splitBytesArriveWholeAndInOrder() {
        String text = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering("HTTP/1.1 204 No Content\r\n\r\n"));
                RawClient client = RawClient.connect(origin.port())) {
            client.pauseBetweenPieces(Duration.ofNanos(100_000));
            client.sendSplit(text, 1, 16, 17);
            assertThat(client.readResponse().status()).isEqualTo(204);
            client.sendByteByByte(text);
            assertThat(client.readResponse().status()).isEqualTo(204);
            assertThat(origin.connections().get(0).receivedText()).isEqualTo(text + text);
        }
    }

    @Test
    void eachConnectionFollowsItsScriptAndTheLastServesTheRest() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(c -> c.send("first"), c -> c.send("other"))) {
            for (String expected : new String[] {"first", "other", "other"}) {
                try (RawClient client = RawClient.connect(origin.port())) {
                    client.expect(expected).expectEof();
                }
            }
            origin.awaitFinished(3);
        }
    }

    @Test
    void resetIsToldFromEnd() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.expect("x");
                    connection.reset();
                });
                RawClient client = RawClient.connect(origin.port())) {
            client.send("x");
            client.expectReset();
        }
    }

    @Test
    void resetOfTheClientIsSeenByTheOrigin() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(OriginConnection::expectReset);
                RawClient client = RawClient.connect(origin.port())) {
            origin.awaitConnection(1);
            client.reset();
            origin.awaitFinished(1);
        }
    }

    @Test
    void halfClosedConnectionStillReceives() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(c -> c.send(c.readToEnd()));
                RawClient client = RawClient.connect(origin.port())) {
            client.send("question").shutdownOutput();
            assertThat(new String(client.readToEnd(), StandardCharsets.ISO_8859_1)).isEqualTo("question");
        }
    }

    @Test
    void failureShowsWhatWasReceived() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(c -> c.send("HTTP/1.1 500 \"no\"\r\n"));
                RawClient client = RawClient.connect(origin.port())) {
            assertThatThrownBy(client::readHead)
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("the peer ended (FIN) before \"\\r\\n\n \\r\\n\" came")
                    .hasMessageContaining("received in all: \"HTTP/1.1 500 \\\"no\\\"\\r\\n\"");
        }
    }

    @Test
    void missedDeadlineFails() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.silent());
                RawClient client = RawClient.connect(origin.port())) {
            client.deadline(Duration.ofMillis(30));
            assertThatThrownBy(() -> client.read(1)).isInstanceOf(AssertionError.class)
                    .hasMessageContaining("nothing more within 30 ms");
        }
    }

    @Test
    void failedScriptFailsTheTestWhenTheOriginCloses() {
        ScriptedOrigin origin = ScriptedOrigin.start(c -> c.expect("abc"));
        try (RawClient client = RawClient.connect(origin.port())) {
            client.send("abd");
            client.expectClosed();
        }
        assertThatThrownBy(origin::close).isInstanceOf(AssertionError.class)
                .hasMessageContaining("expected \"abc\" but got \"abd\"");
    }

    @Test
    void cutBodyIsAFailure() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(c -> {
                    c.readRequest();
                    c.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345");
                });
                RawClient client = RawClient.connect(origin.port())) {
            client.send("GET / HTTP/1.1\r\n\r\n");
            assertThatThrownBy(client::readResponse).isInstanceOf(AssertionError.class)
                    .hasMessageContaining("before 10 bytes came");
        }
    }

    @Test
    void largeBodyCanBeSkippedWithoutBeingKept() {
        byte[] large = new byte[3_000_000];
        try (ScriptedOrigin origin = ScriptedOrigin.start(c -> c.send("head").send(large).send("tail"));
                RawClient client = RawClient.connect(origin.port())) {
            client.expect("head").skip(large.length).expect("tail").expectEof();
            assertThat(client.received().length).isLessThan(200_000);
        }
    }

    @Test
    void stalledSenderIsVisible() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(c -> c.send(new byte[64_000_000]));
                RawClient client = RawClient.connect(origin.port())) {
            OriginConnection connection = origin.awaitConnection(1);
            long stalled = Await.stable("back-pressure", Duration.ofMillis(100), connection::sentBytes);
            assertThat(stalled).isLessThan(64_000_000);
            client.skip(64_000_000).expectEof();
        }
    }

    @Test
    void blackholeNeitherAcceptsNorRefuses() {
        try (Ports.Blackhole hole = new Ports.Blackhole()) {
            assertThat(Ports.isListening(hole.port())).isFalse();
        }
        int refused = Ports.free();
        assertThatThrownBy(() -> RawClient.connect(refused)).hasMessageContaining("refused");
    }
}
