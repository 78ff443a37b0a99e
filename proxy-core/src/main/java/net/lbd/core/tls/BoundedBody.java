package net.lbd.core.tls;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** The body of an answer, whole; one that grows beyond the bound is given up. Used by the client's thread. */
final class BoundedBody implements HttpResponse.BodySubscriber<byte[]> {

    private final HttpResponse.BodySubscriber<byte[]> whole = HttpResponse.BodySubscribers.ofByteArray();
    private final int most;
    private Flow.Subscription subscription;
    private long received;

    /** @param most in bytes */
    BoundedBody(int most) {
        this.most = most;
    }

    @Override
    public CompletionStage<byte[]> getBody() {
        return whole.getBody();
    }

    @Override
    public void onSubscribe(Flow.Subscription of) {
        subscription = of;
        whole.onSubscribe(of);
    }

    @Override
    public void onNext(List<ByteBuffer> pieces) {
        for (ByteBuffer piece : pieces) {
            received += piece.remaining();
        }
        if (received > most) {
            subscription.cancel();
            whole.onError(new IOException("the answer has more than " + most + " bytes"));
            return;
        }
        whole.onNext(pieces);
    }

    @Override
    public void onError(Throwable failure) {
        whole.onError(failure);
    }

    @Override
    public void onComplete() {
        whole.onComplete();
    }
}
