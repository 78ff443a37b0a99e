package net.lbd.core.h2;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import java.util.Objects;
import net.lbd.core.connect.FlushQueue;
import net.lbd.core.http.BytePool;
import net.lbd.core.runtime.Worker;

/** What a {@link ServerLink} has from the loop on which it lives; event-loop confined as that is. */
public record LinkResources(EventLoop loop, ByteBufAllocator allocator, FlushQueue flushes, TextCache fieldTexts, BytePool bytePool,
        Worker.Limits limits) {

    public LinkResources {
        Objects.requireNonNull(loop, "loop");
        Objects.requireNonNull(allocator, "allocator");
        Objects.requireNonNull(flushes, "flushes");
        Objects.requireNonNull(fieldTexts, "fieldTexts");
        Objects.requireNonNull(bytePool, "bytePool");
        Objects.requireNonNull(limits, "limits");
    }

    /** Those of a worker. */
    public static LinkResources of(Worker worker) {
        return new LinkResources(worker.loop(), worker.allocator(), worker.flushes(), worker.fieldTexts(), worker.bytePool(), worker.limits());
    }

    /** Of a loop that has nothing else to do with HTTP/2. */
    public static LinkResources alone(EventLoop loop, ByteBufAllocator allocator, Worker.Limits limits) {
        return new LinkResources(loop, allocator, new FlushQueue(loop), new TextCache(), new BytePool(), limits);
    }
}
