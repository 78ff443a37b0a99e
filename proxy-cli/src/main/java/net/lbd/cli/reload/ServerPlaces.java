package net.lbd.cli.reload;

import java.net.InetSocketAddress;
import java.util.Optional;
import net.lbd.core.backend.Server;
import net.lbd.core.dns.ResolverSections;

/** What can be done with the addresses of servers while they run. Thread-safe. */
public interface ServerPlaces {

    /** The sections of resolvers in force. */
    ResolverSections resolvers();

    /** Says where a server is; name servers do not change that until its name is set. */
    void setAddress(Server server, InetSocketAddress address);

    /** Says by which name a server is found. */
    void setHostName(Server server, String name);

    /** Of an engine that asks nobody. */
    ServerPlaces NONE = new ServerPlaces() {
        @Override
        public ResolverSections resolvers() {
            return ResolverSections.NONE;
        }

        @Override
        public void setAddress(Server server, InetSocketAddress address) {
            server.state().setPlace(server.state().place().at(address, true));
        }

        @Override
        public void setHostName(Server server, String name) {
            server.state().setPlace(server.state().place().named(Optional.of(name)));
        }
    };
}
