package net.lbd.core.runtime;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.util.concurrent.ThreadAwareExecutor;
import java.util.Objects;

/**
 * Netty's epoll handler with one fault mended. Since netty#16689 (April 2026, still there in 4.2.18) a
 * socket from which nothing is wanted for the moment is taken out of epoll, and is then taken for one
 * that is still in it: the next wish fails with ENOENT. That strikes a connection whose peer has ended
 * its half and takes our bytes slowly, and a listener that has paused for {@code maxconn}. Here such a
 * socket stays in, edge-triggered and with no event wanted: it wakes nobody, and a reset is still seen.
 * Remove this class when Netty keeps count. Event-loop confined.
 */
final class EpollLoop implements IoHandler {

    private final IoHandler handler;

    private EpollLoop(IoHandler handler) {
        this.handler = Objects.requireNonNull(handler, "handler");
    }

    static IoHandlerFactory newFactory() {
        IoHandlerFactory factory = EpollIoHandler.newFactory();
        return new IoHandlerFactory() {
            @Override
            public IoHandler newHandler(ThreadAwareExecutor executor) {
                return new EpollLoop(factory.newHandler(executor));
            }

            @Override
            public boolean isChangingThreadSupported() {
                return factory.isChangingThreadSupported();
            }
        };
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        return new Kept(handler.register(handle));
    }

    /** A registration that is never without a wish. */
    private record Kept(IoRegistration registration) implements IoRegistration {

        @Override
        public <T> T attachment() {
            return registration.attachment();
        }

        @Override
        public long submit(IoOps ops) {
            boolean nothing = ops instanceof EpollIoOps wanted && wanted.value() == EpollIoOps.NONE.value();
            return registration.submit(nothing ? EpollIoOps.EPOLLET : ops);
        }

        @Override
        public boolean isValid() {
            return registration.isValid();
        }

        @Override
        public boolean cancel() {
            return registration.cancel();
        }
    }

    @Override
    public void initialize() {
        handler.initialize();
    }

    @Override
    public int run(IoHandlerContext context) {
        return handler.run(context);
    }

    @Override
    public void prepareToDestroy() {
        handler.prepareToDestroy();
    }

    @Override
    public void destroy() {
        handler.destroy();
    }

    @Override
    public void wakeup() {
        handler.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
        return handler.isCompatible(handleType);
    }
}
