package net.lbd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.lbd.cli.reload.Engine;
import net.lbd.config.ConfigurationLoader;
import net.lbd.config.Environment;
import net.lbd.config.LoadResult;
import net.lbd.config.model.AddressSpec;
import net.lbd.config.model.BackendSpec;
import net.lbd.config.model.Configuration;
import net.lbd.config.model.ConnectionMode;
import net.lbd.config.model.FrontendSpec;
import net.lbd.config.model.PortSpec;
import net.lbd.config.model.ServerSettings;
import net.lbd.config.model.ServerSpec;
import net.lbd.core.backend.Backend;
import net.lbd.core.backend.BackendPolicy;
import net.lbd.core.backend.BackendRules;
import net.lbd.core.backend.Server;
import net.lbd.core.backend.ServerQueue;
import net.lbd.core.backend.ServerState;
import net.lbd.core.balance.LoadBalancer;
import net.lbd.core.listen.Frontend;
import net.lbd.core.listen.FrontendLog;
import net.lbd.core.listen.FrontendRules;
import net.lbd.core.log.LogFormat;
import net.lbd.core.rule.BackendSwitch;
import net.lbd.core.rule.RuleList;
import net.lbd.core.stats.ProxyCounters;

/** Configurations and the runtime's nouns for tests that need no engine. */
public final class Fixtures {

    private Fixtures() { }

    public static LoadResult load(String text) {
        return new ConfigurationLoader(new Environment(Map.of(), Path.of("/"))).loadText("test.cfg", text);
    }

    public static Configuration configuration(String text) {
        LoadResult result = load(text);
        assertThat(result.hasErrors()).as("%s", result.diagnostics()).isFalse();
        return result.configuration().orElseThrow();
    }

    /** What an engine would build, without anything that works. */
    public static Engine.View view(Configuration configuration) {
        return new Engine.View(
                configuration.frontends().stream().map(Fixtures::frontend).toList(),
                configuration.backends().stream().map(Fixtures::backend).toList());
    }

    private static Frontend frontend(FrontendSpec spec) {
        RuleList none = RuleList.EMPTY;
        return new Frontend(spec.name(), spec.mode(),
                new Frontend.Policy(0, 0, 0, 0, 0, 0, ConnectionMode.KEEP_ALIVE, Optional.empty()),
                List.of(), new FrontendRules(none, none, none, none, none, none, none, new BackendSwitch()),
                new FrontendLog(List.of(), new LogFormat(), false, false, false, false), new ProxyCounters());
    }

    private static Backend backend(BackendSpec spec) {
        return new Backend(spec.name(), spec.mode(), spec.servers().stream().map(Fixtures::server).toList(),
                LoadBalancer.NONE, new ServerQueue(), BackendRules.NONE, BackendPolicy.NONE, new ProxyCounters());
    }

    private static Server server(ServerSpec spec) {
        AddressSpec.Ip ip = (AddressSpec.Ip) spec.address();
        int port = ((PortSpec.Fixed) ip.port()).port();
        return new Server(spec, spec.settings().get(ServerSettings.WEIGHT), spec.settings().get(ServerSettings.MAXCONN),
                spec.settings().get(ServerSettings.BACKUP),
                new Server.Target(Optional.of(new InetSocketAddress(ip.address(), port)), false, 0),
                Optional.empty(), new Server.Limits(-1, 5000, false), new ServerState());
    }
}
