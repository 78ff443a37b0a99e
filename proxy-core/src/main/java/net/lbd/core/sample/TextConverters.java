package net.lbd.core.sample;

import static java.util.Map.entry;

import java.util.Map;
import java.util.Optional;
import net.lbd.config.model.SampleType;
import net.lbd.core.backend.Backend;
import net.lbd.core.stream.Stream;

/**
 * Converters that make lists, choose from them, and look names up. Compiled converters are immutable. Source: HAProxy manual,
 * "Converters".
 */
final class TextConverters {

    static final Map<String, ConverterCompiler> ROWS = Map.ofEntries(
            entry("add_item", ConverterCompiler.named(SampleType.STRING, (a, names) -> {
                byte[] delimiter = a.bytes(0, "");
                byte[] suffix = a.bytes(2, "");
                Optional<Variable> variable = a.has(1) && !a.text(1).isEmpty()
                        ? Optional.of(Variable.of(a.text(1), names)) : Optional.empty();
                if (variable.isEmpty() && suffix.length == 0) {
                    throw new IllegalArgumentException("add_item wants a variable, a suffix, or both");
                }
                return (stream, s) -> addItem(stream, s, delimiter, variable, suffix);
            })),
            entry("cut_crlf", ConverterCompiler.of(SampleType.STRING, (Converter) (stream, s) -> {
                for (int i = 0; i < s.length(); i++) {
                    byte b = s.bytes()[s.offset() + i];
                    if (b == '\r' || b == '\n') {
                        s.truncate(i);
                    }
                }
                return true;
            })),
            entry("language", ConverterCompiler.of(SampleType.STRING, (ConverterCompiler.Maker) LanguageChoice::new)),
            entry("param", ConverterCompiler.of(SampleType.STRING, (ConverterCompiler.Maker) a -> {
                byte[] name = a.bytes(0, "");
                byte[] delimiter = a.bytes(1, "&");
                byte at = delimiter.length == 0 ? (byte) '&' : delimiter[0];
                return (stream, s) -> parameter(s, name, at);
            })),
            entry("capture-req", capture(true)),
            entry("capture-res", capture(false)),
            entry("nbsrv", ConverterCompiler.named(SampleType.STRING, (a, names) -> (stream, s) -> {
                byte[] name = s.copyBytes();
                Optional<Backend> backend = names.backends().find(name, name.length);
                backend.ifPresent(b -> s.setInteger(b.usableServers()));
                return backend.isPresent();
            })));

    private TextConverters() { }

    /** The delimiter is put only between an item that is there and one that comes. */
    private static boolean addItem(Stream stream, Sample s, byte[] delimiter, Optional<Variable> variable, byte[] suffix) {
        Scratch scratch = stream.worker().scratch();
        Sample value = scratch.take();
        boolean set = variable.isPresent() && variable.get().get(stream, value) && Casts.cast(value, SampleType.STRING);
        if (set || suffix.length > 0) {
            ByteSink out = scratch.takeSink();
            out.put(s.bytes(), s.offset(), s.length());
            if (s.length() > 0) {
                out.put(delimiter);
            }
            if (set) {
                out.put(value.bytes(), value.offset(), value.length());
            }
            out.put(suffix);
            s.own(SampleType.STRING, out);
            scratch.giveSink(out);
        }
        scratch.give(value);
        return true;
    }

    private static boolean parameter(Sample s, byte[] name, byte delimiter) {
        byte[] bytes = s.bytes();
        int end = s.offset() + s.length();
        int at = s.offset();
        while (at < end) {
            int stop = at;
            while (stop < end && bytes[stop] != delimiter) {
                stop++;
            }
            int nameEnd = at;
            while (nameEnd < stop && bytes[nameEnd] != '=') {
                nameEnd++;
            }
            if (java.util.Arrays.equals(bytes, at, nameEnd, name, 0, name.length)) {
                int from = Math.min(nameEnd + 1, stop);
                s.setView(SampleType.STRING, bytes, from, stop - from);
                return true;
            }
            at = stop + 1;
        }
        return false;
    }

    private static ConverterCompiler capture(boolean ofRequest) {
        return ConverterCompiler.of(SampleType.STRING, (ConverterCompiler.Maker) a -> {
            int slot = (int) a.number(0);
            return (stream, s) -> {
                stream.capture(ofRequest, slot, s);
                return true;
            };
        });
    }
}
