package net.lbd.config.keyword.sample;

import static net.lbd.config.model.SampleType.*;

import java.util.ArrayList;
import java.util.List;
import net.lbd.config.model.SampleType;

/** Converters that this version reads and does not carry out. Source: HAProxy manual, section "Converters". */
final class MoreConverterKeywords {

    static final List<ConverterKeyword> ROWS = rows();

    private MoreConverterKeywords() { }

    private static List<ConverterKeyword> rows() {
        List<ConverterKeyword> r = new ArrayList<>();
        // map is in ConverterKeywords, with its other spelling map_str.
        for (String method : List.of("beg", "dir", "dom", "end", "int", "ip", "reg", "regm", "str", "sub")) {
            SampleType input = switch (method) {
                case "int" -> INTEGER;
                case "ip" -> ADDRESS;
                default -> STRING;
            };
            if (!method.equals("str")) {
                r.add(map("map_" + method, input, STRING));
            }
            if (!method.equals("regm")) {
                r.add(ConverterKeyword.of("map_" + method + "_int", "file:string[,default:integer]", input, INTEGER,
                        "Looks a key up in a map file; yields a number.").notYet());
                r.add(map("map_" + method + "_ip", input, ADDRESS));
            }
        }
        row(r, "add_item", "delimiter:string,variable:string[,suffix:string]", STRING, STRING, "Appends an item to a list.");
        row(r, "aes_gcm_dec", "bits:integer,nonce:string,key:string,tag:string", BINARY, BINARY, "Decrypts.");
        row(r, "aes_gcm_enc", "bits:integer,nonce:string,key:string,tag:string", BINARY, BINARY, "Encrypts.");
        row(r, "be2dec", "separator:string[,chunk:integer,truncate:integer]", BINARY, STRING, "Bytes as decimal numbers.");
        row(r, "be2hex", "[separator:string,chunk:integer,truncate:integer]", BINARY, STRING, "Bytes as hexadecimal numbers.");
        row(r, "capture-req", "id:integer", STRING, STRING, "Keeps the text in a slot for the log.");
        row(r, "capture-res", "id:integer", STRING, STRING, "Keeps the text in a slot for the log.");
        row(r, "cut_crlf", "", STRING, STRING, "Without what follows the first line end.");
        row(r, "debug", "[prefix:string,destination:string]", ANY, ANY, "Shows the sample.");
        row(r, "fix_is_valid", "", BINARY, BOOLEAN, "Whether the bytes are FIX.");
        row(r, "fix_tag_value", "tag:string", BINARY, BINARY, "A field of FIX.");
        row(r, "hmac", "algorithm:string,key:string", BINARY, BINARY, "A keyed digest.");
        row(r, "htonl", "", INTEGER, BINARY, "Four bytes in network order.");
        row(r, "http_date", "[offset:integer,unit:string]", INTEGER, STRING, "A time as HTTP writes it.");
        row(r, "json", "[encoding:string]", STRING, STRING, "Escaped for JSON.");
        row(r, "json_query", "path:string[,type:string]", STRING, ANY, "A part of JSON.");
        row(r, "jwt_header_query", "[path:string,type:string]", STRING, ANY, "A part of a token's header.");
        row(r, "jwt_payload_query", "[path:string,type:string]", STRING, ANY, "A part of a token.");
        row(r, "jwt_verify", "algorithm:string,key:string", STRING, INTEGER, "Checks a token.");
        row(r, "language", "languages:string[,default:string]", STRING, STRING, "The best language of Accept-Language.");
        row(r, "ltime", "format:string[,offset:integer]", INTEGER, STRING, "A time in local time.");
        row(r, "utime", "format:string[,offset:integer]", INTEGER, STRING, "A time in UTC.");
        row(r, "ms_ltime", "format:string[,offset:integer]", INTEGER, STRING, "A time in local time.");
        row(r, "ms_utime", "format:string[,offset:integer]", INTEGER, STRING, "A time in UTC.");
        row(r, "mqtt_field_value", "packet:string,field:string", BINARY, STRING, "A field of MQTT.");
        row(r, "mqtt_is_valid", "", BINARY, BOOLEAN, "Whether the bytes are MQTT.");
        row(r, "nbsrv", "", STRING, INTEGER, "How many servers of the named backend are usable.");
        row(r, "srv_queue", "", STRING, INTEGER, "How many streams wait for the named server.");
        row(r, "param", "name:string[,delimiter:string]", STRING, STRING, "A parameter of a query.");
        row(r, "protobuf", "field:string[,type:string]", BINARY, BINARY, "A field of a protobuf message.");
        row(r, "ungrpc", "field:string[,type:string]", BINARY, BINARY, "A field of a gRPC message.");
        row(r, "rfc7239_field", "field:string", STRING, STRING, "A field of Forwarded.");
        row(r, "rfc7239_is_valid", "", STRING, BOOLEAN, "Whether Forwarded is well formed.");
        row(r, "rfc7239_n2nn", "", STRING, ANY, "The name of a node of Forwarded.");
        row(r, "rfc7239_n2np", "", STRING, ANY, "The port of a node of Forwarded.");
        row(r, "wt6", "[avalanche:integer]", BINARY, INTEGER, "The WT6 hash of the bytes.");
        row(r, "xxh3", "[seed:integer]", BINARY, INTEGER, "The XXH3 hash of the bytes.");
        row(r, "xxh32", "[seed:integer]", BINARY, INTEGER, "The XXH32 hash of the bytes.");
        row(r, "xxh64", "[seed:integer]", BINARY, INTEGER, "The XXH64 hash of the bytes.");
        row(r, "x509_v_err_str", "", INTEGER, STRING, "The name of an error of a certificate.");
        return List.copyOf(r);
    }

    private static ConverterKeyword map(String name, SampleType input, SampleType output) {
        return ConverterKeyword.of(name, "file:string[,default:string]", input, output, "Looks a key up in a map file.").notYet();
    }

    private static void row(List<ConverterKeyword> rows, String name, String signature, SampleType in, SampleType out, String doc) {
        rows.add((signature.isEmpty() ? ConverterKeyword.of(name, in, out, doc) : ConverterKeyword.of(name, signature, in, out, doc)).notYet());
    }
}
