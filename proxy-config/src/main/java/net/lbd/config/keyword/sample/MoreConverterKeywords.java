package net.lbd.config.keyword.sample;

import static net.lbd.config.model.SampleType.*;

import java.util.ArrayList;
import java.util.List;
import net.lbd.config.model.SampleType;

/** More converters: maps, dates, JSON, other protocols. Source: HAProxy manual, section "Converters". */
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
                r.add(ConverterKeyword.of("map_" + method + "_int", "file:map[,default:integer]", input, INTEGER,
                        "Looks a key up in a map file; yields a number."));
                r.add(map("map_" + method + "_ip", input, ADDRESS));
            }
        }
        done(r, "add_item", "delimiter:string,variable:string[,suffix:string]", STRING, STRING, "Appends a variable and a suffix, with the delimiter before them if there is something before it.");
        done(r, "aes_gcm_dec", "bits:integer,nonce:string,key:string,tag:string", BINARY, BINARY,
                "Decrypts with AES-GCM of 128, 192 or 256 bits; nonce, key and tag are base64, or variables that hold it.");
        done(r, "aes_gcm_enc", "bits:integer,nonce:string,key:string,tag:string", BINARY, BINARY,
                "Encrypts with AES-GCM of 128, 192 or 256 bits; nonce and key are base64, the tag goes to a variable as base64.");
        done(r, "be2dec", "separator:string[,chunk:integer,truncate:integer]", BINARY, STRING, "Bytes as decimal numbers, the highest byte first, up to 8 bytes for each; with truncate an incomplete one is left out.");
        done(r, "be2hex", "[separator:string,chunk:integer,truncate:integer]", BINARY, STRING, "Bytes as hexadecimal digits, with a separator between chunks; with truncate an incomplete one is left out.");
        done(r, "capture-req", "id:integer", STRING, STRING, "Keeps the text in a slot for the log.");
        done(r, "capture-res", "id:integer", STRING, STRING, "Keeps the text in a slot for the log.");
        done(r, "cut_crlf", "", STRING, STRING, "Without what follows the first line end.");
        row(r, "debug", "[prefix:string,destination:string]", ANY, ANY, "Shows the sample.");
        done(r, "fix_is_valid", "", BINARY, BOOLEAN, "Whether the bytes are a valid message of FIX.");
        done(r, "fix_tag_value", "tag:string", BINARY, BINARY, "A field of a FIX message, by number or as MsgType, SenderCompID …");
        done(r, "hmac", "algorithm:string,key:string", BINARY, BINARY, "A keyed digest, such as of md5 or sha256; the key is base64, or a variable that holds it.");
        done(r, "htonl", "", INTEGER, BINARY, "Four bytes in network order.");
        done(r, "http_date", "[offset:integer,unit:string]", INTEGER, STRING, "A time as HTTP writes it; unit s, ms or us.");
        done(r, "json", "[encoding:string]", STRING, STRING, "Escaped for a JSON string; ascii (default), utf8, utf8s (leaves errors out), utf8p, utf8ps.");
        done(r, "json_query", "path:string[,type:string]", STRING, ANY, "A text, number or truth value in JSON, by a path such as $.name or $.list[0]; type int: as a number.");
        done(r, "jwt_header_query", "[path:string,type:string]", STRING, ANY, "The header of a JSON web token, or a part of it, as json_query.");
        done(r, "jwt_payload_query", "[path:string,type:string]", STRING, ANY, "The payload of a JSON web token, or a part of it, as json_query.");
        done(r, "jwt_verify", "algorithm:string,key:string", STRING, INTEGER, "Whether the signature of a JSON web token is good: 1, 0, or a negative number if it cannot be checked. The key is a secret, or the file of a public key or certificate.");
        done(r, "language", "languages:string[,default:string]", STRING, STRING, "Which of these languages (with semicolons between them) an Accept-Language header likes best.");
        done(r, "ltime", "format:string[,offset:integer]", INTEGER, STRING, "A time in local time, in a format of strftime(3); %N: the fraction of the second, %3N: three digits of it.");
        done(r, "utime", "format:string[,offset:integer]", INTEGER, STRING, "A time in UTC, in a format of strftime(3); %N: the fraction of the second, %3N: three digits of it.");
        done(r, "ms_ltime", "format:string[,offset:integer]", INTEGER, STRING, "A time in local time, in a format of strftime(3); %N: the fraction of the second, %3N: three digits of it.");
        done(r, "ms_utime", "format:string[,offset:integer]", INTEGER, STRING, "A time in UTC, in a format of strftime(3); %N: the fraction of the second, %3N: three digits of it.");
        done(r, "us_ltime", "format:string[,offset:integer]", INTEGER, STRING, "A time in local time, in a format of strftime(3); %N: the fraction of the second, %3N: three digits of it.");
        done(r, "us_utime", "format:string[,offset:integer]", INTEGER, STRING, "A time in UTC, in a format of strftime(3); %N: the fraction of the second, %3N: three digits of it.");
        done(r, "le2dec", "separator:string[,chunk:integer,truncate:integer]", BINARY, STRING, "Bytes, the lowest first, as decimal numbers.");
        done(r, "mqtt_field_value", "packet:string,field:string", BINARY, STRING, "A field of a CONNECT or CONNACK packet of MQTT, or a property by its number.");
        done(r, "mqtt_is_valid", "", BINARY, BOOLEAN, "Whether the bytes are a valid CONNECT or CONNACK packet of MQTT.");
        done(r, "nbsrv", "", STRING, INTEGER, "How many servers of the named backend are usable.");
        done(r, "srv_queue", "", STRING, INTEGER, "How many streams wait for the server that is named, as NAME or BACKEND/NAME.");
        done(r, "param", "name:string[,delimiter:string]", STRING, STRING, "A parameter of a query or of any list of name=value.");
        done(r, "protobuf", "field:string[,type:string]", BINARY, BINARY, "A field of a protobuf message by its number, with dots for messages within; with a type such as int32, a number.");
        done(r, "ungrpc", "field:string[,type:string]", BINARY, BINARY, "A field of a gRPC message, as protobuf.");
        done(r, "rfc7239_field", "field:string", STRING, STRING, "The proto, host, for or by of a Forwarded header.");
        done(r, "rfc7239_is_valid", "", STRING, BOOLEAN, "Whether Forwarded is well formed.");
        done(r, "rfc7239_n2nn", "", STRING, ANY, "The address, or the name that hides it, of a for or by of Forwarded.");
        done(r, "rfc7239_n2np", "", STRING, ANY, "The port, or the name that hides it, of a for or by of Forwarded.");
        row(r, "wt6", "[avalanche:integer]", BINARY, INTEGER, "The WT6 hash of the bytes.");
        done(r, "xxh3", "[seed:integer]", BINARY, INTEGER, "The XXH3 hash of the bytes.");
        done(r, "xxh32", "[seed:integer]", BINARY, INTEGER, "The XXH32 hash of the bytes.");
        done(r, "xxh64", "[seed:integer]", BINARY, INTEGER, "The XXH64 hash of the bytes.");
        done(r, "x509_v_err_str", "", INTEGER, STRING, "The name of an error of a certificate, such as X509_V_ERR_CERT_HAS_EXPIRED; a number without a name stays one.");
        return List.copyOf(r);
    }

    private static ConverterKeyword map(String name, SampleType input, SampleType output) {
        return ConverterKeyword.of(name, "file:map[,default:string]", input, output, name.equals("map_regm")
                ? "Looks a key up in a map file; \\1 to \\9 in the value stand for groups of the regular expression."
                : "Looks a key up in a map file.");
    }

    private static void done(List<ConverterKeyword> rows, String name, String signature, SampleType in, SampleType out, String doc) {
        rows.add(signature.isEmpty() ? ConverterKeyword.of(name, in, out, doc) : ConverterKeyword.of(name, signature, in, out, doc));
    }

    private static void row(List<ConverterKeyword> rows, String name, String signature, SampleType in, SampleType out, String doc) {
        rows.add((signature.isEmpty() ? ConverterKeyword.of(name, in, out, doc) : ConverterKeyword.of(name, signature, in, out, doc)).notYet());
    }
}
