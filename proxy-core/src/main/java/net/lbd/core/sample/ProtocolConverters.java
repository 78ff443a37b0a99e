package net.lbd.core.sample;

import static java.util.Map.entry;

import java.util.Map;
import net.lbd.config.model.SampleType;

/** Converters that read messages of other protocols: protocol buffers, gRPC, FIX, MQTT. Source: HAProxy manual, "Converters". */
final class ProtocolConverters {

    static final Map<String, ConverterCompiler> ROWS = Map.ofEntries(
            entry("srv_queue", ConverterCompiler.named(SampleType.STRING, (arguments, names) ->
                    (stream, sample) -> ProxyFetches.waiting(names, stream, sample))),
            entry("protobuf", ConverterCompiler.of(SampleType.BINARY, (ConverterCompiler.Maker) a -> new ProtobufField(a, false))),
            entry("ungrpc", ConverterCompiler.of(SampleType.BINARY, (ConverterCompiler.Maker) a -> new ProtobufField(a, true))),
            entry("fix_is_valid", ConverterCompiler.of(SampleType.BINARY, (Converter) (stream, s) -> {
                int validity = FixMessage.validity(s.bytes(), s.offset(), s.offset() + s.length());
                s.setBoolean(validity > 0);
                return validity != 0;
            })),
            entry("fix_tag_value", ConverterCompiler.of(SampleType.BINARY, (ConverterCompiler.Maker) a -> {
                int tag = FixMessage.tag(a.text(0));
                return (stream, s) -> FixMessage.find(s, tag);
            })),
            entry("mqtt_is_valid", ConverterCompiler.of(SampleType.BINARY, (Converter) (stream, s) -> {
                int validity = new MqttPacket(s.bytes(), s.offset(), s.offset() + s.length()).validity();
                s.setBoolean(validity > 0);
                return validity != 0;
            })),
            entry("mqtt_field_value", ConverterCompiler.of(SampleType.BINARY, (ConverterCompiler.Maker) a -> {
                MqttPacket.Field field = MqttPacket.field(a.text(0), a.text(1));
                return (stream, s) -> new MqttPacket(s.bytes(), s.offset(), s.offset() + s.length()).take(field, s);
            })));

    private ProtocolConverters() { }
}
