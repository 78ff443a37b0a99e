package net.lbd.config.keyword.sample;

import static net.lbd.config.keyword.sample.FetchSource.*;
import static net.lbd.config.model.SampleType.*;

import java.util.List;
import net.lbd.config.model.SampleType;

/**
 * Fetches of other protocols and of HAProxy's own buffers, which this version reads and does not carry out. Source: HAProxy
 * manual, "Fetching samples from buffer contents" and "Fetching samples for developers".
 */
final class RareFetchKeywords {

    static final List<FetchKeyword> ROWS = List.of(
            FetchKeyword.of("distcc_param", "token:string[,occ:integer]", INTEGER, REQUEST_OR_RESPONSE, "A parameter of a distcc message.").notYet(),
            FetchKeyword.of("distcc_body", "token:string[,occ:integer]", BINARY, REQUEST_OR_RESPONSE, "The body of a parameter of a distcc message.").notYet(),
            FetchKeyword.of("fcgi.docroot", STRING, REQUEST, "The folder of the FastCGI application.").notYet(),
            FetchKeyword.of("fcgi.index", STRING, REQUEST, "The index script of the FastCGI application.").notYet(),
            FetchKeyword.of("stopping", BOOLEAN, INTERNAL, "Whether the process is stopping."),
            FetchKeyword.of("internal.strm.is_htx", BOOLEAN, INTERNAL, "Whether a stream is HTTP, in the words of HAProxy's engine."),
            buffer("internal.htx.data", INTEGER), buffer("internal.htx.free", INTEGER), buffer("internal.htx.free_data", INTEGER),
            buffer("internal.htx.has_eom", BOOLEAN), buffer("internal.htx.nbblks", INTEGER), buffer("internal.htx.size", INTEGER),
            buffer("internal.htx.used", INTEGER),
            block("internal.htx_blk.data", BINARY), block("internal.htx_blk.hdrname", STRING), block("internal.htx_blk.hdrval", STRING),
            block("internal.htx_blk.size", INTEGER), block("internal.htx_blk.start_line", STRING), block("internal.htx_blk.type", STRING));

    private RareFetchKeywords() { }

    private static FetchKeyword buffer(String name, SampleType type) {
        return FetchKeyword.of(name, type, REQUEST_OR_RESPONSE, "A measure of HAProxy's message buffer, which lbd does not have.").notYet();
    }

    private static FetchKeyword block(String name, SampleType type) {
        return FetchKeyword.of(name, "index:string", type, REQUEST_OR_RESPONSE,
                "A block of HAProxy's message buffer, which lbd does not have.").notYet();
    }
}
