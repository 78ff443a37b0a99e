package net.lbd.core.peers;

import net.lbd.core.stick.StickTable;

/** The answer to {@code show peers}, in HAProxy's words as far as there is such a thing here. Stateless. */
final class PeersText {

    private PeersText() { }

    static void describe(StringBuilder out, PeersSection section, boolean dictionaries) {
        out.append("id=").append(section.name()).append(" disabled=0 resync=").append(section.isUpToDate() ? "done" : "needed")
                .append('\n');
        out.append("  id=").append(section.localName()).append("(local,").append(section.plan().listens().isEmpty() ? "in" : "")
                .append("active)");
        section.plan().listens().forEach(listen -> out.append(" addr=").append(address(listen.address())));
        out.append('\n');
        for (RemotePeer remote : section.remotes()) {
            out.append("  id=").append(remote.plan().name()).append("(remote,").append(remote.session().isPresent() ? "" : "in")
                    .append("active) addr=").append(address(remote.plan().address())).append(" last_status=").append(remote.lastStatus())
                    .append("\n        reconnect=").append(remote.retryMillis() < 0 ? "<NEVER>" : remote.retryMillis() + "ms")
                    .append(" tx_hbt=").append(remote.session().map(PeerSession::heartbeatsSent).orElse(0))
                    .append(" rx_hbt=").append(remote.session().map(PeerSession::heartbeatsReceived).orElse(0))
                    .append(" new_conn=").append(remote.connections()).append(" proto_err=").append(remote.protocolErrors())
                    .append(" coll=").append(remote.collisions()).append('\n');
            remote.session().ifPresent(session -> out.append("        xprt=").append(section.service().isTls(session.channel()) ? "SSL" : "RAW")
                    .append(" src=").append(address(session.channel().localAddress())).append(" addr=")
                    .append(address(session.channel().remoteAddress())).append('\n'));
            out.append("        shared tables:\n");
            int id = 0;
            for (StickTable table : section.tables()) {
                long[] learned = remote.session().map(session -> session.learned(table.name())).orElse(new long[2]);
                out.append("          local_id=").append(++id).append(" remote_id=").append(learned[0]).append(" last_acked=").append(remote.acked(table))
                        .append(" last_pushed=").append(remote.pushed(table)).append(" last_get=").append(learned[1]).append(" table:id=").append(table.name())
                        .append(" update=").append(table.lastUpdate()).append('\n');
            }
            if (dictionaries) {
                remote.session().ifPresent(session -> session.describeDictionary(out, "        "));
            }
        }
    }

    private static String address(Object address) {
        String text = String.valueOf(address);
        return text.startsWith("/") ? text.substring(1) : text;
    }
}
