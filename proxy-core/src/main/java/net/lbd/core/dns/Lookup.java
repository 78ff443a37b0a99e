package net.lbd.core.dns;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import net.lbd.config.model.ResolversSpec;
import net.lbd.core.dns.DnsAnswer.Status;

/**
 * One question on its way. All name servers are asked at the same time, and the first valid answer counts. Event-loop confined.
 *
 * <pre>
 * all have failed, first type      the other type is asked for
 * all have failed, other type      NX: it is believed; else the next try begins with the first type
 * nobody has answered in time      the next try, with the same type
 * no try left                      the last error is the answer
 * </pre>
 *
 * Source: HAProxy manual, "The resolvers section". <em>Difference:</em> a name that is unknown in both types is not asked for again.
 */
final class Lookup implements NameServer.Asker {

    private final DnsQuestion question;
    private final List<NameServer> servers;
    private final EventLoop loop;
    private final long retryNanos;
    private final List<Consumer<DnsAnswer>> waiting = new ArrayList<>(1);
    private final Map<NameServer, Integer> asked = new HashMap<>();
    private DnsRecordType type;
    private int triesLeft;
    private Status lastError = Status.TIMEOUT;
    private Status firstTypeError = Status.TIMEOUT;
    private Future<?> timer;
    private boolean over;

    Lookup(DnsQuestion question, List<NameServer> servers, EventLoop loop, ResolversSpec spec) {
        this.question = question;
        this.servers = servers;
        this.loop = loop;
        this.retryNanos = spec.retry().toNanos();
        this.triesLeft = spec.retries();
        this.type = question.kind().first();
    }

    void whenDone(Consumer<DnsAnswer> listener) {
        waiting.add(listener);
    }

    void start() {
        triesLeft--;
        send();
    }

    private void send() {
        asked.clear();
        timer = loop.schedule(this::timedOut, retryNanos, TimeUnit.NANOSECONDS);
        for (NameServer server : servers) {
            int id = server.ask(question.name(), type, this);
            if (id >= 0) {
                asked.put(server, id);
            }
        }
    }

    @Override
    public void answered(NameServer server, int id, AnswerReader.Read read) {
        server.count(read.counter());
        asked.remove(server);
        if (read.answer().status() == Status.VALID) {
            finish(read.answer());
            return;
        }
        lastError = read.answer().status();
        if (asked.isEmpty()) {
            timer.cancel(false);
            allFailed();
        }
    }

    private void allFailed() {
        if (type.equals(question.kind().first()) && !type.equals(question.kind().second())) {
            firstTypeError = lastError;
            type = question.kind().second();
            send();
        } else if (lastError == Status.NX || firstTypeError == Status.NX) {
            finish(DnsAnswer.failed(Status.NX));
        } else {
            type = question.kind().first();
            again();
        }
    }

    private void timedOut() {
        lastError = Status.TIMEOUT;
        asked.forEach((server, id) -> {
            if (server.forget(id)) {
                server.count(DnsCounter.TIMEOUT);
            }
        });
        again();
    }

    private void again() {
        if (triesLeft > 0) {
            start();
        } else {
            finish(DnsAnswer.failed(lastError));
        }
    }

    private void finish(DnsAnswer answer) {
        if (over) {
            return;
        }
        over = true;
        timer.cancel(false);
        // Who has not answered yet is too late.
        asked.forEach((server, id) -> server.forget(id));
        waiting.forEach(listener -> listener.accept(answer));
    }
}
