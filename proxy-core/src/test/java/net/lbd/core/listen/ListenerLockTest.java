package net.lbd.core.listen;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import net.lbd.config.ConfigurationLoader;
import net.lbd.config.Environment;
import net.lbd.core.runtime.EngineOptions;
import net.lbd.core.runtime.ProxyEngine;
import net.lbd.core.runtime.Transport;
import net.lbd.core.runtime.Workers;
import net.lbd.testkit.Await;
import net.lbd.testkit.Ports;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ListenerLockTest {

    private static BindRuntime bind(ProxyEngine engine) {
        engine.apply(new ConfigurationLoader(new Environment(Map.of(), Path.of("").toAbsolutePath())).loadText("test.cfg", """
                global
                  nbthread 1
                defaults
                  mode http
                  timeout connect 1s
                  timeout client 1s
                  timeout server 1s
                frontend fe
                  bind 127.0.0.1:%d
                """.formatted(Ports.free())).configuration().orElseThrow());
        return engine.listeners().get(0).bind();
    }

    /** {@code close} waits for the loop: a loop that counts a connection at that moment must not wait for {@code close}. */
    @Test
    void aLoopThatAdjustsAListenerDoesNotWaitForItsClose() throws Exception {
        try (ProxyEngine engine = ProxyEngine.create(new EngineOptions());
                Workers workers = new Workers(Transport.best(), 1, ByteBufAllocator.DEFAULT)) {
            Listener listener = new Listener(new InetSocketAddress("127.0.0.1", 0), bind(engine), List.of());
            listener.open(workers, 16);
            Thread closer = new Thread(listener::close);
            CountDownLatch adjusted = new CountDownLatch(1);
            workers.all().get(0).loop().execute(() -> {
                closer.start();
                while (closer.getState() != Thread.State.WAITING) {
                    Thread.onSpinWait();
                }
                listener.adjust();
                adjusted.countDown();
            });
            assertThat(adjusted.await(5, TimeUnit.SECONDS)).isTrue();
            closer.join();
        }
    }

    /** Two loops count connections up and down across the limit: none may leave the listener paused with room. */
    @Test
    void aListenerIsNeverLeftPausedWithRoom() throws Exception {
        try (ProxyEngine engine = ProxyEngine.create(new EngineOptions());
                Workers workers = new Workers(Transport.best(), 1, ByteBufAllocator.DEFAULT)) {
            Admission admission = new Admission(2);
            Listener listener = new Listener(new InetSocketAddress("127.0.0.1", 0), bind(engine), List.of(admission));
            listener.open(workers, 16);
            for (int round = 0; round < 200; round++) {
                Runnable traffic = () -> {
                    for (int i = 0; i < 50; i++) {
                        admission.enter();
                        admission.leave();
                    }
                };
                Thread one = new Thread(traffic);
                Thread two = new Thread(traffic);
                one.start();
                two.start();
                one.join();
                two.join();
                Await.until("the listener accepts in round " + round, listener::isAccepting);
            }
            listener.close();
            Await.until("the listener is closed", listener::isClosed);
        }
    }
}
