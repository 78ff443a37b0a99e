package net.lbd.it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import net.lbd.testkit.Await;
import net.lbd.testkit.FarmCertificates;
import net.lbd.testkit.Ports;
import net.lbd.testkit.RealServer;
import net.lbd.testkit.RealServers;
import net.lbd.testkit.ServerFiles;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.BindMode;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * nginx in a container, for machines that have Docker but no nginx. It runs on the host's network and
 * sees its folder under the same path, so that configuration, port and health marker are those of a
 * local nginx. Any thread.
 */
final class ContainerServer implements RealServer {

    private static final DockerImageName IMAGE = DockerImageName.parse("nginx:1.28-alpine");

    private final ServerFiles files;
    private final GenericContainer<?> container;

    private ContainerServer(ServerFiles files, GenericContainer<?> container) {
        this.files = files;
        this.container = container;
    }

    /** Whether Docker runs. */
    static boolean isPossible() {
        return DockerClientFactory.instance().isDockerAvailable();
    }

    @SuppressWarnings("resource") // the caller closes the server, which stops the container
    static ContainerServer start(String name, Path dir, FarmCertificates certificates) throws IOException {
        ServerFiles files = RealServers.nginxFiles(name, dir, certificates);
        Object owner = Files.getAttribute(files.dir(), "unix:uid");
        GenericContainer<?> container = new GenericContainer<>(IMAGE)
                .withNetworkMode("host")
                .withFileSystemBind(files.dir().toString(), files.dir().toString(), BindMode.READ_WRITE)
                .withFileSystemBind(certificates.dir().toAbsolutePath().toString(),
                        certificates.dir().toAbsolutePath().toString(), BindMode.READ_ONLY)
                .withCreateContainerCmdModifier(command -> command.withUser(owner.toString()))
                .withCommand("nginx", "-p", files.dir().toString(), "-c", files.configuration().toString());
        container.start();
        Ports.awaitListening(files.port());
        return new ContainerServer(files, container);
    }

    @Override
    public String name() {
        return files.name();
    }

    @Override
    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), files.port());
    }

    @Override
    public void start() {
        container.getDockerClient().startContainerCmd(container.getContainerId()).exec();
        Ports.awaitListening(files.port());
    }

    @Override
    public void stop() {
        container.getDockerClient().stopContainerCmd(container.getContainerId()).exec();
        awaitRefusal();
    }

    @Override
    public void kill() {
        container.getDockerClient().killContainerCmd(container.getContainerId()).exec();
        awaitRefusal();
    }

    @Override
    public void setHealthy(boolean healthy) {
        files.setHealthy(healthy);
    }

    @Override
    public void close() {
        container.stop();
    }

    private void awaitRefusal() {
        Await.until("port " + files.port() + " to refuse", () -> !Ports.isListening(files.port()));
    }
}
