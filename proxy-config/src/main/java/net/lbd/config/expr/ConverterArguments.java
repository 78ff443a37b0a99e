package net.lbd.config.expr;

import java.util.List;
import java.util.Set;
import net.lbd.config.grammar.Numbers;
import net.lbd.config.grammar.ValueException;
import net.lbd.config.model.SampleSpec;

/** What arguments of converters must be beyond their types. Source: HAProxy manual, "Converters". Stateless. */
final class ConverterArguments {

    private static final Set<String> SCOPES = Set.of("proc", "sess", "txn", "req", "res", "check");
    private static final List<String> JSON = List.of("ascii", "utf8", "utf8s", "utf8p", "utf8ps");
    private static final List<String> JSON_TYPES = List.of("int", "string");
    private static final List<String> JWT = List.of("HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "ES256", "ES384",
            "ES512", "PS256", "PS384", "PS512", "none");
    private static final List<String> DIGESTS = List.of("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha512-224",
            "sha512-256", "sha3-224", "sha3-256", "sha3-384", "sha3-512", "ripemd160", "blake2b512", "blake2s256", "sm3", "md4");

    private static final List<String> PROTOBUF_TYPES = List.of("int32", "int64", "uint32", "uint64", "sint32", "sint64", "bool", "enum",
            "fixed64", "sfixed64", "double", "fixed32", "sfixed32", "float");
    private static final List<String> FIX_TAGS = List.of("BeginString", "BodyLength", "CheckSum", "MsgType", "SenderCompID", "TargetCompID");

    private ConverterArguments() { }

    /** @throws ValueException if an argument cannot be right */
    static void check(String converter, List<SampleSpec.Argument> arguments) throws ValueException {
        switch (converter) {
            case "add", "sub", "mul", "div", "mod", "and", "or", "xor" -> operand(text(arguments, 0));
            case "fix_tag_value" -> {
                if (!FIX_TAGS.contains(text(arguments, 0)) && !text(arguments, 0).matches("[1-9][0-9]{0,8}")) {
                    throw new ValueException("'" + text(arguments, 0) + "' is no tag; write its number, or one of "
                            + String.join(", ", FIX_TAGS));
                }
            }
            case "mqtt_field_value" -> oneOf(text(arguments, 0).toLowerCase(java.util.Locale.ROOT), List.of("connect", "connack", "1", "2"));
            case "url_enc" -> oneOf(text(arguments, 0), List.of("query"));
            case "field", "word" -> {
                if (!arguments.isEmpty() && arguments.get(0) instanceof SampleSpec.Argument.Number index && index.value() == 0) {
                    throw new ValueException("parts count from 1, or from -1 at the end");
                }
            }
            case "protobuf", "ungrpc" -> {
                if (!text(arguments, 0).matches("[0-9]{1,9}(\\.[0-9]{1,9})*")) {
                    throw new ValueException("'" + text(arguments, 0) + "' is not the number of a field; write numbers with dots between them");
                }
                if (!PROTOBUF_TYPES.contains(text(arguments, 1)) && !text(arguments, 1).isEmpty()) {
                    throw new ValueException("'" + text(arguments, 1) + "' is not a type of number; use "
                            + String.join(", ", PROTOBUF_TYPES) + ", or none for text and bytes");
                }
            }
            case "regsub" -> flags(text(arguments, 2));
            case "json" -> oneOf(text(arguments, 0), JSON);
            case "json_query", "jwt_header_query", "jwt_payload_query" -> {
                jsonPath(text(arguments, 0));
                oneOf(text(arguments, 1), JSON_TYPES);
            }
            case "jwt_verify" -> {
                if (!isVariable(text(arguments, 0))) {
                    oneOf(text(arguments, 0), JWT);
                }
            }
            case "sha2" -> {
                if (!arguments.isEmpty() && arguments.get(0) instanceof SampleSpec.Argument.Number bits
                        && !Set.of(224L, 256L, 384L, 512L).contains(bits.value())) {
                    throw new ValueException("'" + bits.value() + "' is not a length; use 224, 256, 384 or 512");
                }
            }
            case "digest" -> oneOf(text(arguments, 0).toLowerCase(java.util.Locale.ROOT), DIGESTS);
            case "hmac" -> {
                oneOf(text(arguments, 0).toLowerCase(java.util.Locale.ROOT), DIGESTS);
                base64(text(arguments, 1));
            }
            case "be2dec", "le2dec" -> number(arguments, 1, 1, 8);
            case "be2hex" -> {
                number(arguments, 1, 1, Integer.MAX_VALUE);
                if (!text(arguments, 0).isEmpty() && arguments.size() < 2) {
                    throw new ValueException("a separator wants the size of a chunk behind it");
                }
            }
            case "aes_gcm_enc", "aes_gcm_dec" -> {
                if (!(arguments.get(0) instanceof SampleSpec.Argument.Number bits) || !Set.of(128L, 192L, 256L).contains(bits.value())) {
                    throw new ValueException("the first argument is the number of bits of the key; use 128, 192 or 256");
                }
                base64(text(arguments, 1));
                base64(text(arguments, 2));
                base64(text(arguments, 3));
            }
            case "rfc7239_field" -> oneOf(text(arguments, 0).toLowerCase(java.util.Locale.ROOT), List.of("proto", "host", "for", "by"));
            case "http_date" -> oneOf(text(arguments, 1), List.of("s", "ms", "us"));
            case "strcmp", "secure_memcmp" -> variable(text(arguments, 0));
            case "concat", "add_item" -> variable(text(arguments, 1));
            default -> { }
        }
    }

    private static String text(List<SampleSpec.Argument> arguments, int index) {
        return index < arguments.size() && arguments.get(index) instanceof SampleSpec.Argument.Text text ? text.text() : "";
    }

    private static void operand(String text) throws ValueException {
        if (!text.isEmpty() && !isVariable(text)) {
            try {
                Numbers.read(text, Long.MIN_VALUE, Long.MAX_VALUE);
            } catch (ValueException e) {
                throw new ValueException("'" + text + "' is neither a number nor a variable such as txn.name");
            }
        }
    }

    private static void variable(String text) throws ValueException {
        if (!text.isEmpty() && !isVariable(text)) {
            throw new ValueException("'" + text + "' is not a variable; write proc., sess., txn., req., res. or check. and a name");
        }
    }

    private static boolean isVariable(String text) {
        int dot = text.indexOf('.');
        return dot > 0 && dot < text.length() - 1 && SCOPES.contains(text.substring(0, dot));
    }

    private static void number(List<SampleSpec.Argument> arguments, int index, long min, long max) throws ValueException {
        if (index < arguments.size() && arguments.get(index) instanceof SampleSpec.Argument.Number n && (n.value() < min || n.value() > max)) {
            throw new ValueException("'" + n.value() + "' is not a size; use " + min + " to " + max);
        }
    }

    private static void base64(String text) throws ValueException {
        if (isVariable(text)) {
            return;
        }
        try {
            if (text.length() % 4 != 0) {
                throw new IllegalArgumentException("padding is missing");
            }
            java.util.Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            // The text may be a key: it is not shown.
            throw new ValueException("what is neither a variable nor base64 is no key, nonce or tag");
        }
    }

    private static void jsonPath(String text) throws ValueException {
        if (!text.isEmpty() && !text.matches("\\$(\\.(\\\\.|[^.\\[])*|\\[[0-9]{1,9}])*")) {
            throw new ValueException("'" + text + "' is no JSON path; write $.name, $.list[0] or the like");
        }
    }

    private static void flags(String text) throws ValueException {
        for (char c : text.toCharArray()) {
            if (c != 'g' && c != 'i') {
                throw new ValueException("'" + c + "' is not a flag; use g and i");
            }
        }
    }

    private static void oneOf(String text, List<String> accepted) throws ValueException {
        if (!text.isEmpty() && !accepted.contains(text)) {
            throw new ValueException("'" + text + "' is not accepted; use " + String.join(", ", accepted));
        }
    }
}
