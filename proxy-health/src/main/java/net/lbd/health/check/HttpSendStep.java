package net.lbd.health.check;

/** {@code http-check send}. */
final class HttpSendStep implements Step {

    private final HttpRequestPlan request;
    private final CheckRunner.Subject subject;

    HttpSendStep(HttpRequestPlan request, CheckRunner.Subject subject) {
        this.request = request;
        this.subject = subject;
    }

    @Override
    public Outcome advance(Wire wire) {
        byte[] bytes = request.bytes(wire.scope(), subject);
        wire.send(wire.allocator().ioBuffer(bytes.length).writeBytes(bytes));
        return Outcome.next(CheckStatus.L7OK, "");
    }

    @Override
    public String describe() {
        return "send " + request.method() + " " + request.target();
    }
}
