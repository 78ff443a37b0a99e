package net.lbd.config.expr;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.lbd.config.model.AclSpec;
import net.lbd.config.syntax.Diagnostics;
import net.lbd.config.syntax.SourceLocation;
import net.lbd.config.syntax.Word;

/** The ACLs that exist without being declared. Source: HAProxy manual, section "Pre-defined ACLs". Immutable. */
public final class PredefinedAcls {

    private static final Map<String, String> TEXTS = texts();
    private static final Map<String, AclSpec> ACLS = acls();

    private PredefinedAcls() { }

    public static Optional<AclSpec> find(String name) {
        return Optional.ofNullable(ACLS.get(name));
    }

    public static Set<String> names() {
        return ACLS.keySet();
    }

    /** The criterion and patterns that a name stands for. */
    public static Map<String, String> meanings() {
        return TEXTS;
    }

    private static Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("TRUE", "always_true");
        texts.put("FALSE", "always_false");
        texts.put("LOCALHOST", "src 127.0.0.1/8 ::1");
        texts.put("HTTP", "req.proto_http");
        texts.put("RDP_COOKIE", "req.rdp_cookie_cnt gt 0");
        texts.put("REQ_CONTENT", "req.len gt 0");
        texts.put("WAIT_END", "wait_end");
        texts.put("HTTP_1.0", "req.ver 1.0");
        texts.put("HTTP_1.1", "req.ver 1.1");
        texts.put("HTTP_2.0", "req.ver 2.0");
        texts.put("HTTP_CONTENT", "req.hdr_val(content-length) gt 0");
        texts.put("HTTP_URL_ABS", "url_reg ^[^/:]*://");
        texts.put("HTTP_URL_SLASH", "url_beg /");
        texts.put("HTTP_URL_STAR", "url *");
        for (String method : List.of("CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT", "TRACE")) {
            texts.put("METH_" + method, "method " + method + (method.equals("GET") ? " HEAD" : ""));
        }
        return Collections.unmodifiableMap(texts);
    }

    private static Map<String, AclSpec> acls() {
        Map<String, AclSpec> acls = new LinkedHashMap<>();
        SourceLocation nowhere = SourceLocation.BUILT_IN;
        TEXTS.forEach((name, text) -> {
            List<Word> words = new ArrayList<>();
            for (String word : text.split(" ")) {
                words.add(new Word(word, nowhere, word.length()));
            }
            acls.put(name, new AclSpec(name, nowhere, List.of(AclReader.read(words, new Diagnostics()))));
        });
        return Collections.unmodifiableMap(acls);
    }
}
