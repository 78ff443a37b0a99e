package net.lbd.core.runtime;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import net.lbd.core.dns.DnsAnswer;
import net.lbd.core.dns.DnsAnswer.Service;
import net.lbd.core.dns.DnsAnswer.Status;
import net.lbd.core.dns.DnsQuestion;

/**
 * The servers of one backend that one SRV label fills: each record stands for one of them, as long as there are enough. Confined to the
 * loop of the name servers.
 */
final class ServiceGroup {

    private final List<NamedServer> servers;
    private final Consumer<DnsAnswer> listener = this::answered;
    private Optional<DnsQuestion> followed = Optional.empty();

    /** @param servers of the same backend, section and label; at least one */
    ServiceGroup(List<NamedServer> servers) {
        this.servers = List.copyOf(servers);
    }

    void start() {
        followed = DnsQuestion.services(servers.get(0).label());
        followed.ifPresent(question -> servers.get(0).section().follow(question, listener));
    }

    void stop() {
        followed.ifPresent(question -> servers.get(0).section().unfollow(question, listener));
    }

    private void answered(DnsAnswer answer) {
        if (answer.status() != Status.VALID) {
            servers.stream().filter(s -> s.service().isPresent()).forEach(s -> s.release(answer.status().text()));
            return;
        }
        for (NamedServer server : servers) {
            server.service().ifPresent(mine -> recordOf(mine, answer).ifPresentOrElse(server::confirm,
                    () -> server.release("entry removed from SRV record")));
        }
        for (Service record : answer.services()) {
            if (servers.stream().noneMatch(s -> s.service().filter(record::isSame).isPresent())) {
                // Where there are more records than servers, those that were there first are served.
                servers.stream().filter(s -> s.service().isEmpty()).findFirst().ifPresent(free ->
                        free.assign(record, answer.additional().getOrDefault(record.target(), List.of())));
            }
        }
    }

    private static Optional<Service> recordOf(Service mine, DnsAnswer answer) {
        return answer.services().stream().filter(mine::isSame).findFirst();
    }
}
