package net.lbd.core.netns;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.io.InputStream;

/**
 * The process in a network namespace: for each byte on its standard input it makes a socket and passes it on over the Unix socket that
 * its one argument names. It ends when its input does, so it does not outlive the daemon. Whatever goes wrong ends it, with a sentence on
 * standard error.
 */
public final class SocketMaker {

    /** Asks for a TCP socket that takes both families. */
    static final int BOTH = 'b';
    /** Asks for one of IPv4 alone. */
    static final int IPV4 = '4';

    private static final long FULL_MILLIS = 1;

    private SocketMaker() { }

    public static void main(String[] words) {
        try {
            Epoll.ensureAvailability();
            Socket daemon = Socket.newSocketDomain();
            daemon.connect(new DomainSocketAddress(words[0]));
            serve(System.in, daemon);
        } catch (IOException | InterruptedException | LinkageError e) {
            System.err.println("no socket can be made: " + e);
            System.exit(1);
        }
    }

    private static void serve(InputStream requests, Socket daemon) throws IOException, InterruptedException {
        for (int wanted = requests.read(); wanted >= 0; wanted = requests.read()) {
            LinuxSocket made = wanted == IPV4 ? LinuxSocket.newSocketStream(SocketProtocolFamily.INET) : LinuxSocket.newSocketStream();
            // Negative: the daemon has not taken those before yet.
            while (daemon.sendFd(made.intValue()) < 0) {
                Thread.sleep(FULL_MILLIS);
            }
            made.close();
        }
    }
}
