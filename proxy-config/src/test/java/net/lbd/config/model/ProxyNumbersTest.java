package net.lbd.config.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.lbd.config.ConfigurationLoader;
import net.lbd.config.Environment;
import net.lbd.config.LoadResult;
import org.junit.jupiter.api.Test;

/** Numbers of proxies and sockets; the expected ones are those that HAProxy 2.6 gave. */
class ProxyNumbersTest {

    private static LoadResult load(String text) {
        return new ConfigurationLoader(new Environment(Map.of(), Path.of("").toAbsolutePath())).loadText("t.cfg", """
                defaults
                  mode tcp
                  timeout client 1s
                  timeout server 1s
                  timeout connect 1s
                """ + text);
    }

    @Test
    void anIdCountsAsAPlaceAndIsTakenForOthers() {
        Configuration configuration = load("""
                frontend a
                  bind :1001
                  default_backend b
                listen l
                  id 50
                  bind :1002
                backend b
                  server s 127.0.0.1:1
                backend c
                backend d
                  id 5
                backend e
                """).configuration().orElseThrow();
        ProxyNumbers numbers = ProxyNumbers.of(configuration);
        assertThat(numbers.order()).extracting(numbers::at).as("a, l, b, c, d, e").containsExactly(2, 50, 4, 6, 5, 8);
        assertThat(numbers.at(configuration.backend("l").orElseThrow().location())).as("both sides of a listen").isEqualTo(50);
    }

    @Test
    void socketsCountFromOne() {
        Configuration configuration = load("listen l\n  bind :1001\n  bind :1002 id 3\n  bind :1003,:1004\n").configuration().orElseThrow();
        assertThat(ProxyNumbers.ofBinds(configuration.frontends().get(0).binds())).containsExactly(1, 3, 4, 5);
    }

    @Test
    void aNumberIsGivenOnce() {
        assertThat(load("backend a\n  id 7\nbackend b\n  id 7\nlisten l\n  bind :1001 id 2\n  bind :1002 id 2\n  bind :1003,:1004 id 9\n")
                .diagnostics().toString()).contains("backend 'b': id 7 is that of backend 'a' already, at t.cfg:6",
                        "bind :1002: id 2 is that of :1001 already, at t.cfg:11", "bind :1003,:1004: id 9 cannot be that of several addresses");
    }
}
