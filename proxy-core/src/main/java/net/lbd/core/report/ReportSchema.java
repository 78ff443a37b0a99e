package net.lbd.core.report;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What {@code show info json} and {@code show stat json} look like, as a JSON Schema (draft-07). Stateless. Source: HAProxy manual, management
 * guide, "show schema json".
 */
public final class ReportSchema {

    private ReportSchema() { }

    /** One line, which ends in a newline. */
    public static String json() {
        String field = """
                "field":{"type":"object","properties":{"pos":{"type":"integer","minimum":0},"name":{"type":"string"}},"required":["pos","name"]},
                "processNum":{"type":"integer","minimum":1},
                "tags":{"type":"object","properties":{
                "origin":{"type":"string","enum":[%s]},
                "nature":{"type":"string","enum":[%s]},
                "scope":{"type":"string","enum":[%s]}},"required":["origin","nature","scope"]},
                "value":{"type":"object","properties":{
                "type":{"type":"string","enum":[%s]},
                "value":{"type":["integer","string"]}},"required":["type","value"]}""".formatted(
                quoted(ReportFormat.ORIGINS.values().stream()), quoted(ReportFormat.NATURES.values().stream()),
                quoted(ReportFormat.SCOPES.values().stream()), quoted(Stream.of(ValueType.values()).map(ValueType::toString)));
        String required = "\"required\":[\"field\",\"processNum\",\"tags\",\"value\"]";
        return """
                {"$schema":"http://json-schema.org/draft-07/schema#","oneOf":[
                {"title":"Info","type":"array","items":{"title":"InfoItem","type":"object","properties":{%1$s},%2$s}},
                {"title":"Stat","type":"array","items":{"title":"StatRow","type":"array","items":{"title":"StatItem","type":"object","properties":{
                "objType":{"type":"string","enum":[%3$s]},"proxyId":{"type":"integer","minimum":0},"id":{"type":"integer","minimum":0},%1$s},
                "required":["objType","proxyId","id","field","processNum","tags","value"]}}}
                ]}""".formatted(field, required, quoted(Stream.of(StatRow.Kind.values()).map(StatRow.Kind::title))).replace("\n", "") + "\n";
    }

    private static String quoted(Stream<String> words) {
        return words.distinct().sorted().map(word -> "\"" + word + "\"").collect(Collectors.joining(","));
    }
}
