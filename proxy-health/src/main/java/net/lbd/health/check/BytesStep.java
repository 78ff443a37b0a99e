package net.lbd.health.check;

/** Sends fixed bytes and is done; what the server sends afterwards is kept. */
final class BytesStep implements Step {

    private final byte[] bytes;
    private final String what;

    BytesStep(byte[] bytes, String what) {
        this.bytes = bytes;
        this.what = what;
    }

    @Override
    public Outcome advance(Wire wire) {
        wire.send(wire.allocator().ioBuffer(bytes.length).writeBytes(bytes));
        return Outcome.SKIP;
    }

    @Override
    public String describe() {
        return "send " + what;
    }
}
