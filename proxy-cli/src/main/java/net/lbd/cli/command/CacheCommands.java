package net.lbd.cli.command;

import java.util.List;
import java.util.Locale;
import net.lbd.cli.command.Command.Invocation;
import net.lbd.config.model.ControlSockets.Level;
import net.lbd.core.http.CachedResponse;
import net.lbd.core.http.HttpCache;

/**
 * {@code show cache}: what caches hold. The numbers that stand for addresses in memory count the lines. Source: HAProxy manual, management
 * guide, "show cache".
 */
final class CacheCommands {

    static final List<Command> TABLE = List.of(
            Command.of("show cache", "", Level.USER, "show cache status", CacheCommands::show));

    private static final int BLOCK_BYTES = 1024;

    private CacheCommands() { }

    private static String show(Invocation invocation) {
        StringBuilder out = new StringBuilder();
        List<HttpCache> caches = invocation.daemon().engine().runtime().map(runtime -> runtime.caches()).orElse(List.of());
        int line = 0;
        for (HttpCache cache : caches) {
            long free = (cache.spec().totalBytes() - cache.bytes()) / BLOCK_BYTES;
            out.append(String.format(Locale.ROOT, "0x%x: %s (shctx:0x%x, available blocks:%d)\n", ++line, cache.spec().name(), line, free));
            long now = cache.nowMillis();
            for (CachedResponse response : cache.responses()) {
                out.append(String.format(Locale.ROOT, "0x%x hash:%d vary:0x%016x size:%d (%d blocks), refcount:0, expire:%d\n", ++line,
                        Integer.toUnsignedLong(response.hash()), Integer.toUnsignedLong(response.variant()), response.sizeBytes(),
                        (response.sizeBytes() + BLOCK_BYTES - 1) / BLOCK_BYTES, response.expiresInSeconds(now)));
            }
        }
        return out.toString();
    }
}
