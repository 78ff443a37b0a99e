package net.lbd.health.check;

/** Sends fixed bytes and is done. */
final class SendStep implements Step {

    private final byte[] bytes;

    SendStep(byte[] bytes) {
        this.bytes = bytes;
    }

    @Override
    public Outcome advance(Wire wire) {
        wire.send(wire.allocator().ioBuffer(bytes.length).writeBytes(bytes));
        return Outcome.NEXT;
    }
}
