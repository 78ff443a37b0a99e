package net.lbd.core.engine;

import static net.lbd.core.engine.Messages.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Collections;
import net.lbd.core.listen.Listener;
import net.lbd.core.runtime.ApplyResult;
import net.lbd.testkit.RawClient;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Binds that share a port by interface or family, and those of an address that is not the machine's. */
class BindOptionsTest {

    @BeforeEach
    void needEpoll() {
        assumeTrue(Epoll.isAvailable(), "there is no epoll here");
    }

    private static String text(String first, String second) {
        return EngineHarness.DEFAULTS + """
                frontend one
                  bind %s
                  http-request return status 200 content-type text/plain string one
                frontend two
                  bind %s
                  http-request return status 200 content-type text/plain string two
                """.formatted(first, second);
    }

    private static String answer(EngineHarness proxy, String address) {
        int port = ((InetSocketAddress) proxy.engine().listeners().get(0).boundAddress()).getPort();
        try (RawClient client = RawClient.connect(new InetSocketAddress(address, port))) {
            return client.send(get("/")).readResponse().bodyText();
        }
    }

    @Test
    void oneAddressIsBoundOnceForEachInterface() throws SocketException {
        String other = Collections.list(NetworkInterface.getNetworkInterfaces()).stream().map(NetworkInterface::getName)
                .filter(name -> !name.equals("lo")).findFirst().orElse("");
        assumeTrue(!other.isEmpty(), "there is no interface but lo");
        try (EngineHarness proxy = EngineHarness.start(text("0.0.0.0:@1 interface " + other, "0.0.0.0:@1 interface lo"))) {
            assertThat(proxy.engine().listeners()).hasSize(2);
            assertThat(answer(proxy, "127.0.0.1")).isEqualTo("two");
            proxy.reload(text("0.0.0.0:@1 interface lo", "0.0.0.0:@1 interface " + other));
            assertThat(answer(proxy, "127.0.0.1")).as("by its interface over a reload").isEqualTo("one");
        }
    }

    @Test
    void bothFamiliesHaveASocketOfTheirOwn() throws SocketException {
        assumeTrue(Collections.list(NetworkInterface.getByName("lo").getInetAddresses()).stream().anyMatch(a -> a.getAddress().length == 16),
                "there is no IPv6 here");
        try (EngineHarness proxy = EngineHarness.start(text("0.0.0.0:@1", "[::]:@1 v6only"))) {
            assertThat(answer(proxy, "127.0.0.1")).isEqualTo("one");
            assertThat(answer(proxy, "::1")).isEqualTo("two");
        }
    }

    @Test
    void theWildcardOfIpv4TakesNoIpv6() {
        try (EngineHarness proxy = EngineHarness.start(text("0.0.0.0:@1", "127.0.0.1:@2"))) {
            assertThat(answer(proxy, "127.0.0.1")).isEqualTo("one");
            assertThatThrownBy(() -> answer(proxy, "::1")).hasMessageContaining("cannot connect");
        }
    }

    @Test
    void anAddressOfSomebodyElseIsBoundIfItIsSaid() {
        // TEST-NET-3: nobody has it.
        try (EngineHarness proxy = EngineHarness.start(text("127.0.0.1:@1", "203.0.113.7:@1 transparent"))) {
            assertThat(proxy.engine().listeners()).extracting(Listener::address).hasSize(2);
            ApplyResult without = proxy.apply(text("127.0.0.1:@1", "203.0.113.8:@1"));
            assertThat(without.applied()).isFalse();
            assertThat(without.problems().toString()).contains("Cannot assign requested address");
            ApplyResult changed = proxy.apply(text("127.0.0.1:@1 mss 1000", "203.0.113.7:@1 transparent"));
            assertThat(changed.applied()).isTrue();
            assertThat(changed.problems().toString()).contains("changes at the next start, not by a reload");
        }
    }

    @Test
    void anInterfaceThatIsNotThereIsTold() {
        try (EngineHarness proxy = EngineHarness.start(text("127.0.0.1:@1", "127.0.0.1:@2"))) {
            ApplyResult result = proxy.apply(text("127.0.0.1:@1", "127.0.0.1:@3 interface nosuch0"));
            assertThat(result.applied()).isFalse();
            assertThat(result.problems().toString()).contains("cannot listen on 127.0.0.1:", "'interface nosuch0' cannot be carried out");
        }
    }
}
