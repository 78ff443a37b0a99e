package net.lbd.core.listen;

import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Makes channels of listening sockets that another program has opened and left to this process. The channel owns a copy of the descriptor:
 * the original stays open for as long as the process lives, so that a reload may leave the line out and bring it back, and nobody who
 * connects meanwhile is refused. Blocks for a moment, so not on event loops. Stateless. Source: HAProxy manual, "bind", {@code fd@}.
 */
final class InheritedSocket {

    /** Numbers of Linux's headers. */
    private static final int SOL_SOCKET = 1;
    private static final int SO_TYPE = 3;
    private static final int SO_ACCEPTCONN = 30;
    private static final int SO_DOMAIN = 39;
    private static final int SOCK_STREAM = 1;
    private static final int AF_UNIX = 1;
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int O_NONBLOCK = 04000;

    private InheritedSocket() { }

    /**
     * A channel that listens already, not yet registered.
     *
     * @throws IOException if the descriptor is none that listens for TCP or on a Unix socket
     */
    static ServerChannel open(InheritedAddress address) throws IOException {
        int descriptor = address.descriptor();
        Path open = Path.of("/proc/self/fd/" + descriptor);
        if (!Files.isSymbolicLink(open)) {
            throw new IOException("the process has no open descriptor " + descriptor
                    + "; whoever starts it must open a listening socket and leave it open under this number");
        }
        String what = Files.readSymbolicLink(open).toString();
        if (!what.startsWith("socket:")) {
            throw new IOException("descriptor " + descriptor + " is not a socket but " + what + "; a listening socket is wanted");
        }
        int family = family(new Socket(descriptor), address);
        doNotBlock(address);
        int copy = copy(descriptor);
        return family == AF_UNIX ? new EpollServerDomainSocketChannel(copy) : new EpollServerSocketChannel(copy);
    }

    private static int family(Socket socket, InheritedAddress address) throws IOException {
        int family = socket.getIntOpt(SOL_SOCKET, SO_DOMAIN);
        int type = socket.getIntOpt(SOL_SOCKET, SO_TYPE);
        if (type != SOCK_STREAM || family != AF_INET && family != AF_INET6 && family != AF_UNIX) {
            throw new IOException("descriptor " + address.descriptor() + " is a socket of family " + family + " and type " + type
                    + "; a listening one of TCP or a Unix stream socket is wanted");
        }
        if (socket.getIntOpt(SOL_SOCKET, SO_ACCEPTCONN) == 0) {
            throw new IOException("descriptor " + address.descriptor() + " is a socket that does not listen; whoever opens it must call listen()");
        }
        return family;
    }

    /**
     * An event loop accepts until there is nobody left, which a blocking socket would make it wait for. Supervisors pass on either kind.
     * Neither Netty nor the JDK's public classes can change a descriptor that they have not made; the JDK's own channels use this method.
     */
    private static void doNotBlock(InheritedAddress address) throws IOException {
        if (isNonBlocking(address.descriptor())) {
            return;
        }
        try {
            Class<?> io = Class.forName("sun.nio.ch.IOUtil");
            Method wrap = io.getDeclaredMethod("newFD", int.class);
            Method configure = io.getDeclaredMethod("configureBlocking", FileDescriptor.class, boolean.class);
            wrap.setAccessible(true);
            configure.setAccessible(true);
            configure.invoke(null, wrap.invoke(null, address.descriptor()), false);
        } catch (ReflectiveOperationException | InaccessibleObjectException e) {
            throw new IOException("descriptor " + address.descriptor() + " blocks, and this JVM lets nobody change it; start the daemon by its"
                    + " script 'lbd', or let who opens the socket set O_NONBLOCK (systemd: NonBlocking=yes)", e);
        }
    }

    static boolean isNonBlocking(int descriptor) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/fdinfo/" + descriptor))) {
            if (line.startsWith("flags:")) {
                return (Long.parseLong(line.substring(6).strip(), 8) & O_NONBLOCK) != 0;
            }
        }
        throw new IOException("the kernel does not tell the flags of descriptor " + descriptor);
    }

    /** By way of a Unix socket to ourselves, in a folder that nobody else may enter: Java has no dup(). */
    private static int copy(int descriptor) throws IOException {
        Path folder = Files.createTempDirectory("lbd-fd");
        Path path = folder.resolve("s");
        Socket listening = Socket.newSocketDomain();
        Socket sending = Socket.newSocketDomain();
        try {
            listening.bind(new DomainSocketAddress(path.toString()));
            listening.listen(1);
            sending.connect(new DomainSocketAddress(path.toString()));
            Socket receiving = new Socket(listening.accept(new byte[26]));
            try {
                sending.sendFd(descriptor);
                int copy = receiving.recvFd();
                if (copy <= 0) {
                    throw new IOException("descriptor " + descriptor + " cannot be copied: none came back");
                }
                return copy;
            } finally {
                receiving.close();
            }
        } finally {
            sending.close();
            listening.close();
            Files.deleteIfExists(path);
            Files.delete(folder);
        }
    }
}
