package net.lbd.core.connect;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.unix.RawUnixChannelOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Options without which a socket would not be what the configuration says. Stateless. Source: socket(7). */
public final class SocketOptions {

    /** Numbers of Linux's asm/socket.h and net/if.h. */
    private static final int SOL_SOCKET = 1;
    private static final int SO_BINDTODEVICE = 25;
    private static final int IFNAMSIZ = 16;
    private static final RawUnixChannelOption DEVICE = new RawUnixChannelOption("SO_BINDTODEVICE", SOL_SOCKET, SO_BINDTODEVICE, IFNAMSIZ);

    private SocketOptions() { }

    /**
     * Sets an option.
     *
     * @param directive the words that ask for it, for messages
     * @throws IOException if the transport does not have it, or the kernel does not permit it
     */
    public static <T> void require(Channel channel, ChannelOption<T> option, T value, String directive) throws IOException {
        try {
            if (!channel.config().setOption(option, value)) {
                throw new IOException("'" + directive + "' needs the native epoll transport");
            }
        } catch (ChannelException e) {
            throw new IOException("'" + directive + "' cannot be carried out: " + (e.getCause() == null ? e : e.getCause()).getMessage(), e);
        }
    }

    /** As {@link #require}, for a network interface, whose name has 15 bytes at most. */
    public static void requireDevice(Channel channel, String device, String directive) throws IOException {
        // A buffer is used up by the channel that it is set on.
        ByteBuffer name = ByteBuffer.allocate(IFNAMSIZ);
        name.put(device.getBytes(StandardCharsets.UTF_8)).rewind();
        require(channel, DEVICE, name, directive);
    }
}
