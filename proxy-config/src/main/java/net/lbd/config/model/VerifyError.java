package net.lbd.config.model;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The errors of a check of certificates, by OpenSSL's numbers and names. Source: OpenSSL's manual, X509_STORE_CTX_get_error(3). */
public final class VerifyError {

    public static final int UNSPECIFIED = 1;
    public static final int UNABLE_TO_GET_CRL = 3;
    public static final int CERT_SIGNATURE_FAILURE = 7;
    public static final int CRL_SIGNATURE_FAILURE = 8;
    public static final int CERT_NOT_YET_VALID = 9;
    public static final int CERT_HAS_EXPIRED = 10;
    public static final int CRL_NOT_YET_VALID = 11;
    public static final int CRL_HAS_EXPIRED = 12;
    public static final int DEPTH_ZERO_SELF_SIGNED_CERT = 18;
    public static final int SELF_SIGNED_CERT_IN_CHAIN = 19;
    public static final int UNABLE_TO_GET_ISSUER_CERT_LOCALLY = 20;
    public static final int UNABLE_TO_VERIFY_LEAF_SIGNATURE = 21;
    public static final int CERT_REVOKED = 23;
    public static final int INVALID_PURPOSE = 26;
    public static final int INVALID_CA = 79;

    private static final String PREFIX = "X509_V_";
    private static final String[] FIRST = {
        "OK", "ERR_UNSPECIFIED", "ERR_UNABLE_TO_GET_ISSUER_CERT", "ERR_UNABLE_TO_GET_CRL", "ERR_UNABLE_TO_DECRYPT_CERT_SIGNATURE",
        "ERR_UNABLE_TO_DECRYPT_CRL_SIGNATURE", "ERR_UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY", "ERR_CERT_SIGNATURE_FAILURE",
        "ERR_CRL_SIGNATURE_FAILURE", "ERR_CERT_NOT_YET_VALID", "ERR_CERT_HAS_EXPIRED", "ERR_CRL_NOT_YET_VALID", "ERR_CRL_HAS_EXPIRED",
        "ERR_ERROR_IN_CERT_NOT_BEFORE_FIELD", "ERR_ERROR_IN_CERT_NOT_AFTER_FIELD", "ERR_ERROR_IN_CRL_LAST_UPDATE_FIELD",
        "ERR_ERROR_IN_CRL_NEXT_UPDATE_FIELD", "ERR_OUT_OF_MEM", "ERR_DEPTH_ZERO_SELF_SIGNED_CERT", "ERR_SELF_SIGNED_CERT_IN_CHAIN",
        "ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE", "ERR_CERT_CHAIN_TOO_LONG", "ERR_CERT_REVOKED",
        "ERR_NO_ISSUER_PUBLIC_KEY", "ERR_PATH_LENGTH_EXCEEDED", "ERR_INVALID_PURPOSE", "ERR_CERT_UNTRUSTED", "ERR_CERT_REJECTED",
        "ERR_SUBJECT_ISSUER_MISMATCH", "ERR_AKID_SKID_MISMATCH", "ERR_AKID_ISSUER_SERIAL_MISMATCH", "ERR_KEYUSAGE_NO_CERTSIGN",
        "ERR_UNABLE_TO_GET_CRL_ISSUER", "ERR_UNHANDLED_CRITICAL_EXTENSION", "ERR_KEYUSAGE_NO_CRL_SIGN",
        "ERR_UNHANDLED_CRITICAL_CRL_EXTENSION", "ERR_INVALID_NON_CA", "ERR_PROXY_PATH_LENGTH_EXCEEDED",
        "ERR_KEYUSAGE_NO_DIGITAL_SIGNATURE", "ERR_PROXY_CERTIFICATES_NOT_ALLOWED", "ERR_INVALID_EXTENSION", "ERR_INVALID_POLICY_EXTENSION",
        "ERR_NO_EXPLICIT_POLICY", "ERR_DIFFERENT_CRL_SCOPE", "ERR_UNSUPPORTED_EXTENSION_FEATURE", "ERR_UNNESTED_RESOURCE",
        "ERR_PERMITTED_VIOLATION", "ERR_EXCLUDED_VIOLATION", "ERR_SUBTREE_MINMAX", "ERR_APPLICATION_VERIFICATION",
        "ERR_UNSUPPORTED_CONSTRAINT_TYPE", "ERR_UNSUPPORTED_CONSTRAINT_SYNTAX", "ERR_UNSUPPORTED_NAME_SYNTAX",
        "ERR_CRL_PATH_VALIDATION_ERROR", "ERR_PATH_LOOP"};
    private static final Map<Integer, String> NAMES = new HashMap<>(Map.of(62, "ERR_HOSTNAME_MISMATCH", 63, "ERR_EMAIL_MISMATCH",
            64, "ERR_IP_ADDRESS_MISMATCH", 66, "ERR_EE_KEY_TOO_SMALL", 67, "ERR_CA_KEY_TOO_SMALL", 68, "ERR_CA_MD_TOO_WEAK",
            69, "ERR_INVALID_CALL", 70, "ERR_STORE_LOOKUP", INVALID_CA, "ERR_INVALID_CA"));
    private static final Map<String, Integer> NUMBERS = new HashMap<>();

    static {
        for (int i = 0; i < FIRST.length; i++) {
            NAMES.put(i, FIRST[i]);
        }
        NAMES.forEach((number, name) -> NUMBERS.put(PREFIX + name, number));
    }

    /** The highest number that OpenSSL 3 knows. */
    public static final int HIGHEST = 94;

    private VerifyError() { }

    /** Such as {@code X509_V_ERR_CERT_HAS_EXPIRED}; empty for a number that has no name. */
    public static Optional<String> name(long number) {
        return Optional.ofNullable(NAMES.get((int) number)).map(PREFIX::concat);
    }

    /** The number of a name, or of a number as text. */
    public static Optional<Integer> number(String text) {
        if (text.matches("[0-9]{1,2}")) {
            int number = Integer.parseInt(text);
            return number <= HIGHEST ? Optional.of(number) : Optional.empty();
        }
        return Optional.ofNullable(NUMBERS.get(text));
    }
}
