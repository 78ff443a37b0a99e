package net.lbd.cli.process;

import java.util.List;
import net.lbd.cli.FakeEngine;
import net.lbd.cli.command.SocketLocations;
import net.lbd.config.ConfigurationLoader;
import net.lbd.config.Environment;

/** The daemon with an engine that carries nothing, as a process of its own. */
public final class FakeDaemonMain {

    private FakeDaemonMain() { }

    public static void main(String[] args) throws Exception {
        FakeEngine engine = new FakeEngine();
        engine.setConnections(Integer.getInteger("fake.connections", 0));
        if (Boolean.getBoolean("fake.blocked")) {
            engine.block();
        }
        Options options = Options.parse(List.of(args));
        ConfigurationLoader loader = new ConfigurationLoader(Environment.ofProcess());
        int code = new Daemon(options, () -> loader.compared(options.files()), engine,
                SystemdNotifier.of(System.getenv()), SocketLocations.ofProcess(), new Predecessor(options),
                new Successor(List.of(args)), System.err).run();
        System.err.println("engine: " + engine.calls());
        System.exit(code);
    }
}
