package net.lbd.core.runtime;

import io.netty.channel.Channel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.Optional;
import net.lbd.config.model.SourceSpec;
import net.lbd.config.syntax.SourceLocation;
import net.lbd.core.connect.LocalAddress;

/** Whether this process may do what a {@code source} asks for: told at the start, and not by every connection. Stateless. */
final class SourceRights {

    private SourceRights() { }

    /** @param here in the daemon's network namespace; what another has cannot be seen from here */
    static void check(SourceSpec source, boolean here, String who, SourceLocation where, Problems problems) {
        if (!Epoll.isAvailable() || Transport.best() != Transport.EPOLL) {
            problems.error(Problems.SOURCE, where, who + ": 'source … usesrc' and 'source … interface' need the native epoll transport, which is not"
                    + " in use here", "leave out -Dlbd.transport, and see that Netty's native library can be loaded");
            return;
        }
        if (here && source.device().isPresent() && !isThere(source.device().get())) {
            problems.error(Problems.SOURCE, where, who + ": there is no interface '" + source.device().get() + "'", "'ip link' lists them");
            return;
        }
        LocalAddress probe = new LocalAddress(Optional.of(InetAddress.getLoopbackAddress()), 0, 0, source.isTransparent(),
                here ? source.device() : Optional.empty());
        Channel channel = new EpollSocketChannel();
        try {
            probe.prepare(channel);
        } catch (IOException e) {
            problems.error(Problems.SOURCE, where, who + ": " + e.getMessage() + ": the process needs the capability CAP_NET_ADMIN",
                    "systemctl edit lbd, and under [Service]: AmbientCapabilities=CAP_NET_ADMIN CapabilityBoundingSet=CAP_NET_ADMIN");
        } finally {
            channel.unsafe().closeForcibly();
        }
    }

    private static boolean isThere(String device) {
        try {
            return NetworkInterface.getByName(device) != null;
        } catch (IOException e) {
            return false;
        }
    }
}
