package net.lbd.core.stream;

import io.netty.buffer.Unpooled;
import java.util.Optional;
import net.lbd.core.http.HeadParser;
import net.lbd.core.http.HttpMessage;
import net.lbd.core.runtime.Worker;

/**
 * The head of an HTTP/1 request among the first bytes of a connection in mode tcp, for rules that ask for it. As long as it is not complete
 * it counts as missing; bytes that are no HTTP/1 never become one. Nothing is read before it is asked for. Event-loop confined. Source:
 * HAProxy manual, "Fetching HTTP samples (Layer 7)", the note about TCP proxies.
 */
final class PeekedHead {

    private final Worker worker;
    private final HttpMessage message = new HttpMessage();
    private Optional<HeadParser> parser = Optional.empty();
    private HeadParser.Result result = HeadParser.Result.NEED_MORE;
    private int lookedAtBytes;

    PeekedHead(Worker worker) {
        this.worker = worker;
        message.reset();
    }

    /** The head; one that is not {@linkplain HttpMessage#isPresent present} if there is none, or not yet. */
    HttpMessage look(Inspection input) {
        if (input.length() > lookedAtBytes && result == HeadParser.Result.NEED_MORE) {
            read(input);
        }
        if (result == HeadParser.Result.NEED_MORE) {
            input.miss();
        }
        return message;
    }

    private void read(Inspection input) {
        if (parser.isEmpty()) {
            parser = Optional.of(new HeadParser(true, worker.bytePool(), worker.limits().headBytes(), worker.limits().maxHeaders()));
        }
        forget();
        lookedAtBytes = input.length();
        parser.get().reset();
        result = parser.get().feed(message, Unpooled.wrappedBuffer(input.bytes(), 0, input.length()));
        if (result != HeadParser.Result.COMPLETE) {
            // What there is of a head must not be taken for one.
            forget();
        }
    }

    private void forget() {
        worker.bytePool().give(message.takeBytes());
        message.reset();
    }

    /** Nobody asks any more. */
    void release() {
        if (lookedAtBytes > 0) {
            lookedAtBytes = 0;
            result = HeadParser.Result.NEED_MORE;
            forget();
        }
    }
}
