package net.lbd.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.ScriptedOrigin;
import org.junit.jupiter.api.Test;

/** Logins as far as a comparison with HAProxy does not show them: time, leaving clients, many at once. */
class LoginRulesTest {

    /** "secret"; so many rounds that a check takes a tenth of a second and more. */
    private static final String SLOW = "$6$rounds=100000$abcdefgh$";

    private static EngineHarness proxy(String users, int port) {
        return EngineHarness.start("userlist people\n" + users + "\n" + EngineHarness.httpText(
                "http-request auth unless { http_auth(people) }", EngineHarness.server("s1", port)));
    }

    private static String get(String target, String login) {
        return "GET " + target + " HTTP/1.1\r\nHost: a\r\nAuthorization: Basic "
                + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)) + "\r\n\r\n";
    }

    private static String slowHash() {
        return org.apache.commons.codec.digest.Crypt.crypt("secret", SLOW);
    }

    /** As {@link #slowHash}, and five times as long: eight of them outlast another client's request on any machine. */
    private static String verySlowHash() {
        return org.apache.commons.codec.digest.Crypt.crypt("secret", SLOW.replace("=1", "=5"));
    }

    @Test
    void userWithoutPasswordIsNeverLetIn() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Messages.echoTarget());
                EngineHarness proxy = proxy("  user eve", origin.port()); RawClient client = proxy.client()) {
            for (String login : new String[] {"eve:", "eve:x", ":", "nobody:x"}) {
                client.send(get("/", login));
                assertThat(client.readResponse().status()).as(login).isEqualTo(401);
            }
        }
    }

    @Test
    void costlyHashIsCheckedOnceAndInOrder() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Messages.echoTarget());
                EngineHarness proxy = proxy("  user eve password " + slowHash(), origin.port()); RawClient client = proxy.client()) {
            client.send(get("/1", "eve:secret") + get("/2", "eve:wrong") + get("/3", "eve:secret"));
            assertThat(client.readResponse().bodyText()).isEqualTo("/1");
            assertThat(client.readResponse().status()).isEqualTo(401);
            assertThat(client.readResponse().bodyText()).isEqualTo("/3");
        }
    }

    @Test
    void clientThatLeavesWhileItsPasswordIsCheckedIsForgotten() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Messages.echoTarget());
                EngineHarness proxy = proxy("  user eve password " + slowHash(), origin.port())) {
            RawClient client = proxy.client();
            client.send(get("/", "eve:secret"));
            client.reset();
            proxy.awaitIdle();
            try (RawClient next = proxy.client()) {
                next.send(get("/next", "eve:secret"));
                assertThat(next.readResponse().bodyText()).isEqualTo("/next");
            }
        }
    }

    @Test
    void othersAreServedWhilePasswordsAreGuessed() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Messages.echoTarget());
                EngineHarness proxy = proxy("  user eve password " + verySlowHash() + "\n  user dave insecure-password clear", origin.port())) {
            RawClient[] guessing = new RawClient[8];
            for (int i = 0; i < guessing.length; i++) {
                guessing[i] = proxy.client();
                guessing[i].send(get("/", "eve:guess" + i));
            }
            try (RawClient client = proxy.client()) {
                client.send(get("/dave", "dave:clear"));
                assertThat(client.readResponse().bodyText()).isEqualTo("/dave");
                assertThat(guessing[guessing.length - 1].received()).as("the last guess still waits").isEmpty();
            }
            for (RawClient client : guessing) {
                client.close();
            }
        }
    }
}
