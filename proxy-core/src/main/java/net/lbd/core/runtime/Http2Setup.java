package net.lbd.core.runtime;

import net.lbd.config.model.GlobalSettings;
import net.lbd.config.model.Setting;
import net.lbd.config.model.Settings;
import net.lbd.core.h2.H2Limits;

/** What the {@code tune.h2.*} words grant to clients and to servers. Pure functions. */
final class Http2Setup {

    private static final int MAX_FRAME_BYTES = 1 << 18;

    private Http2Setup() { }

    /** What a stream may hold, of either version. */
    static Worker.Limits limits(Settings global) {
        int bufferBytes = global.get(GlobalSettings.BUFSIZE);
        int headBytes = bufferBytes - Math.min(bufferBytes / 2, global.get(GlobalSettings.MAXREWRITE));
        return new Worker.Limits(headBytes, global.get(GlobalSettings.MAXHDR), clients(global), servers(global));
    }

    static H2Limits clients(Settings global) {
        return new H2Limits(
                either(global, GlobalSettings.H2_FE_INITIAL_WINDOW, GlobalSettings.H2_INITIAL_WINDOW),
                unlimitedIfZero(either(global, GlobalSettings.H2_FE_CONCURRENT_STREAMS, GlobalSettings.H2_CONCURRENT_STREAMS)),
                global.get(GlobalSettings.H2_HEADER_TABLE), frameSize(global),
                global.get(GlobalSettings.H2_FE_TOTAL_STREAMS), global.get(GlobalSettings.H2_FE_GLITCHES),
                !global.get(GlobalSettings.H2_NO_WEBSOCKETS));
    }

    static H2Limits servers(Settings global) {
        return new H2Limits(
                either(global, GlobalSettings.H2_BE_INITIAL_WINDOW, GlobalSettings.H2_INITIAL_WINDOW),
                unlimitedIfZero(either(global, GlobalSettings.H2_BE_CONCURRENT_STREAMS, GlobalSettings.H2_CONCURRENT_STREAMS)),
                global.get(GlobalSettings.H2_HEADER_TABLE), frameSize(global), 0,
                global.get(GlobalSettings.H2_BE_GLITCHES), false);
    }

    /** A frame is read as a whole. */
    private static int frameSize(Settings global) {
        return Math.min(global.get(GlobalSettings.H2_FRAME_SIZE), MAX_FRAME_BYTES);
    }

    private static int either(Settings global, Setting<Integer> own, Setting<Integer> common) {
        return global.find(own).orElseGet(() -> global.get(common));
    }

    private static int unlimitedIfZero(int streams) {
        return streams == 0 ? Integer.MAX_VALUE : streams;
    }
}
