package net.lbd.core.runtime;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.internal.PlatformDependent;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** How full the memories of this JVM are. Used by one thread. */
interface MemoryGauges {

    /**
     * @param usedBytes of what is in use, or was not collected yet
     * @param maxBytes 0: nobody can tell
     */
    record Use(long usedBytes, long maxBytes) {
        int percent() {
            return maxBytes <= 0 ? 0 : (int) Math.min(100, usedBytes * 100 / maxBytes);
        }

        @Override
        public String toString() {
            return percent() + " % (" + (usedBytes >> 20) + " of " + (maxBytes >> 20) + " MiB)";
        }
    }

    /** The part of the heap in which lasts what lives long. */
    Use heap();

    /** Buffers outside of the heap. */
    Use direct();

    /** Collects garbage; the process stands still meanwhile. */
    void collect();

    /** Those of the running JVM. */
    final class OfJvm implements MemoryGauges {

        private final PooledByteBufAllocator allocator;
        private final Optional<MemoryPoolMXBean> old;
        private final Optional<BufferPoolMXBean> buffers;

        /** @param allocator what it has set aside and not given out counts as free */
        OfJvm(PooledByteBufAllocator allocator) {
            this.allocator = Objects.requireNonNull(allocator, "allocator");
            List<MemoryPoolMXBean> heap = ManagementFactory.getMemoryPoolMXBeans().stream().filter(p -> p.getType() == MemoryType.HEAP).toList();
            // "Tenured Gen", "G1 Old Gen", "PS Old Gen", or the only one that a collector has.
            this.old = heap.stream().filter(p -> p.getName().contains("Old") || p.getName().contains("Tenured")).findFirst()
                    .or(() -> heap.stream().max(Comparator.comparingLong(p -> p.getUsage().getMax())));
            this.buffers = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream().filter(p -> p.getName().equals("direct")).findFirst();
        }

        @Override
        public Use heap() {
            MemoryUsage usage = old.map(MemoryPoolMXBean::getUsage).orElseGet(() -> ManagementFactory.getMemoryMXBean().getHeapMemoryUsage());
            return new Use(usage.getUsed(), usage.getMax());
        }

        @Override
        public Use direct() {
            // Netty counts what it takes past the JDK, the JDK what it gives out; each is held to the same limit.
            long taken = Math.max(PlatformDependent.usedDirectMemory(), buffers.map(BufferPoolMXBean::getMemoryUsed).orElse(0L));
            long free = allocator.metric().usedDirectMemory() - allocator.pinnedDirectMemory();
            return new Use(Math.max(0, taken - Math.max(0, free)), PlatformDependent.maxDirectMemory());
        }

        @Override
        public void collect() {
            System.gc();
        }
    }
}
