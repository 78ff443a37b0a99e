package net.lbd.core.runtime;

import io.netty.channel.Channel;
import net.lbd.core.h2.LinkResources;
import net.lbd.core.h2.ServerLink;
import net.lbd.health.check.CheckProtocol;

/** HTTP checks over HTTP/2: {@code check-proto h2}. Thread-safe. */
final class CheckHttp2 implements CheckProtocol {

    private final Worker.Limits limits;

    CheckHttp2(Worker.Limits limits) {
        this.limits = limits;
    }

    @Override
    public void begin(Channel connected, boolean tls, Told told) {
        ServerLink[] made = new ServerLink[1];
        made[0] = new ServerLink(LinkResources.alone(connected.eventLoop(), connected.alloc(), limits), connected, tls, new ServerLink.Opened() {
            @Override
            public void opened() {
                told.ready(made[0].newLane());
            }

            @Override
            public void failed(Throwable cause) {
                told.failed(cause);
            }
        });
        connected.pipeline().addBefore(connected.pipeline().lastContext().name(), null, made[0]);
    }
}
