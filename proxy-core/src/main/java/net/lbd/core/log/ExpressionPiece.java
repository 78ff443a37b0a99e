package net.lbd.core.log;

import net.lbd.config.model.SampleType;
import net.lbd.core.sample.ByteSink;
import net.lbd.core.sample.Casts;
import net.lbd.core.sample.Sample;
import net.lbd.core.sample.SampleExpression;
import net.lbd.core.sample.Scratch;
import net.lbd.core.stream.Stream;

/** {@code %[expression]}: the value of a sample expression as text. Immutable. */
record ExpressionPiece(SampleExpression expression, Escaping escaping, LogFormat.Use use) implements Piece {

    @Override
    public void render(Stream stream, ByteSink out) {
        Scratch scratch = stream.worker().scratch();
        Sample sample = scratch.take();
        boolean present = expression.evaluate(stream, sample);
        if (present && sample.type() == SampleType.BINARY && use == LogFormat.Use.LOG) {
            putHex(sample, out);
        } else if (present && Casts.cast(sample, SampleType.STRING)) {
            put(sample, out);
        } else {
            putAbsent(out);
        }
        scratch.give(sample);
    }

    private void put(Sample sample, ByteSink out) {
        byte[] bytes = sample.bytes();
        int offset = sample.offset();
        int length = sample.length();
        if (use == LogFormat.Use.VALUE) {
            escaping.open(out);
            putValue(bytes, offset, length, out);
            escaping.close(out);
        } else if (length == 0) {
            escaping.putAbsent(out);
        } else {
            escaping.open(out);
            escaping.putEncoded(bytes, offset, length, Escaping.CONTROL, out);
            escaping.close(out);
        }
    }

    /** Control characters but the tab are percent-encoded, so that a value cannot end its header. */
    private static void putValue(byte[] bytes, int offset, int length, ByteSink out) {
        for (int i = offset; i < offset + length; i++) {
            byte b = bytes[i];
            if (Escaping.CONTROL[b & 0xff] && b != '\t') {
                out.put((byte) '%');
                out.putHex(b);
            } else {
                out.put(b);
            }
        }
    }

    private void putHex(Sample sample, ByteSink out) {
        if (sample.length() == 0) {
            escaping.putAbsent(out);
            return;
        }
        escaping.open(out);
        for (int i = 0; i < sample.length(); i++) {
            out.putHex(sample.bytes()[sample.offset() + i]);
        }
        escaping.close(out);
    }

    private void putAbsent(ByteSink out) {
        if (use == LogFormat.Use.LOG) {
            escaping.putAbsent(out);
        } else {
            escaping.open(out);
            escaping.close(out);
        }
    }
}
