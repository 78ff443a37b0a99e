package net.lbd.core.rule;

import java.util.Arrays;
import java.util.List;
import net.lbd.config.keyword.rule.MapActionKeywords;
import net.lbd.config.model.LogFormatSpec;
import net.lbd.core.log.LogFormat;
import net.lbd.core.sample.RuntimeNames;
import net.lbd.core.pattern.Maps;
import net.lbd.core.sample.ByteSink;
import net.lbd.core.stream.Stream;
import net.lbd.core.stream.Verdict;

/** The actions on maps. Source: HAProxy manual, "http-request set-map". */
final class MapActions {

    static final List<ActionCompiler<?>> ROWS = List.of(
            new ActionCompiler<>(MapActionKeywords.SetMap.class, (action, set, names) -> {
                Maps maps = names.maps();
                LogFormat key = LogFormat.compile(action.key(), LogFormat.Use.VALUE, names);
                LogFormat value = LogFormat.compile(action.value(), LogFormat.Use.VALUE, names);
                return stream -> {
                    maps.set(action.file(), render(key, stream), render(value, stream));
                    return Verdict.CONTINUE;
                };
            }),
            new ActionCompiler<>(MapActionKeywords.DelMap.class, (action, set, names) ->
                    ofKey(action.key(), names, (maps, key) -> maps.delete(action.file(), key))),
            new ActionCompiler<>(MapActionKeywords.AddAcl.class, (action, set, names) ->
                    ofKey(action.key(), names, (maps, key) -> maps.addAcl(action.file(), key))),
            new ActionCompiler<>(MapActionKeywords.DelAcl.class, (action, set, names) ->
                    ofKey(action.key(), names, (maps, key) -> maps.deleteAcl(action.file(), key))));

    private MapActions() { }

    /** What an action does with the key that it has rendered. */
    private interface OfKey {
        void apply(Maps maps, byte[] key);
    }

    private static Action ofKey(LogFormatSpec spec, RuntimeNames names, OfKey change) {
        Maps maps = names.maps();
        LogFormat key = LogFormat.compile(spec, LogFormat.Use.VALUE, names);
        return stream -> {
            change.apply(maps, render(key, stream));
            return Verdict.CONTINUE;
        };
    }

    private static byte[] render(LogFormat format, Stream stream) {
        ByteSink sink = stream.worker().scratch().takeSink();
        format.render(stream, sink);
        byte[] bytes = Arrays.copyOf(sink.bytes(), sink.length());
        stream.worker().scratch().giveSink(sink);
        return bytes;
    }
}
