package net.lbd.config.expr;

import net.lbd.config.model.SampleType;

/** Which types of samples can be taken for which. Source: HAProxy manual, section "Converters". */
final class Casts {

    private Casts() { }

    static boolean possible(SampleType from, SampleType to) {
        if (from == to || from == SampleType.ANY || to == SampleType.ANY) {
            return true;
        }
        return switch (to) {
            case STRING, BINARY -> true;
            case INTEGER -> from != SampleType.METHOD;
            case BOOLEAN -> from == SampleType.INTEGER || from == SampleType.STRING;
            case ADDRESS -> from == SampleType.STRING || from == SampleType.INTEGER || from == SampleType.BINARY;
            case METHOD -> from == SampleType.STRING;
            case ANY -> true;
        };
    }

    static String describe(SampleType type) {
        return switch (type) {
            case ANY -> "anything";
            case BOOLEAN -> "a boolean";
            case INTEGER -> "a number";
            case ADDRESS -> "an address";
            case STRING -> "text";
            case BINARY -> "bytes";
            case METHOD -> "a method";
        };
    }
}
