package net.lbd.core.sample;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.interfaces.ECPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import net.lbd.config.model.SampleType;
import net.lbd.core.http.Ascii;
import net.lbd.core.stream.Stream;

/**
 * {@code jwt_verify}: checks the signature of a JSON web token in compact form. 1: good, 0: not good, -1: an algorithm that RFC
 * 7518 does not know, -3: no token, -5: a public key that the configuration does not name. Public keys are read when the
 * configuration is loaded, so that no event loop reads a file. Immutable. Source: HAProxy manual, "jwt_verify"; RFC 7515 §5.2,
 * RFC 7518 §3. Difference: the PS algorithms are checked, as in 3.x.
 */
final class JwtVerify implements Converter {

    private static final int GOOD = 1;
    private static final int WRONG = 0;
    private static final int UNKNOWN_ALGORITHM = -1;
    private static final int INVALID_TOKEN = -3;
    private static final int UNKNOWN_KEY = -5;

    private final Optional<String> algorithm;
    private final Optional<Variable> algorithmVariable;
    private final Optional<byte[]> secret;
    private final Optional<Variable> secretVariable;
    private final Map<String, PublicKey> keys = new LinkedHashMap<>();

    JwtVerify(ArgumentList a, RuntimeNames names) {
        algorithmVariable = a.isVariable(0) ? Optional.of(Variable.of(a.text(0), names)) : Optional.empty();
        algorithm = a.isVariable(0) ? Optional.empty() : Optional.of(a.text(0));
        secretVariable = a.isVariable(1) ? Optional.of(Variable.of(a.text(1), names)) : Optional.empty();
        secret = a.isVariable(1) ? Optional.empty() : Optional.of(a.bytes(1, ""));
        if (secret.isPresent() && !algorithm.orElse("HS").startsWith("none")) {
            Path file = Path.of(a.text(1, "").isEmpty() ? "." : a.text(1));
            if (Files.isRegularFile(file)) {
                keys.put(a.text(1), publicKey(file));
            } else if (algorithm.isPresent() && !algorithm.get().startsWith("HS")) {
                throw new IllegalArgumentException("the public key '" + file + "' of jwt_verify cannot be read");
            }
        }
    }

    private static PublicKey publicKey(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            String text = new String(in.readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII);
            int certificate = text.indexOf("-----BEGIN CERTIFICATE-----");
            if (certificate >= 0) {
                return CertificateFactory.getInstance("X.509").generateCertificate(
                        new java.io.ByteArrayInputStream(Ascii.bytes(text.substring(certificate)))).getPublicKey();
            }
            int begin = text.indexOf("-----BEGIN PUBLIC KEY-----");
            int end = text.indexOf("-----END PUBLIC KEY-----");
            if (begin < 0 || end < begin) {
                throw new IllegalArgumentException("'" + file + "' holds neither a certificate nor a public key in PEM");
            }
            X509EncodedKeySpec spec = new X509EncodedKeySpec(Base64.getMimeDecoder().decode(text.substring(begin + 26, end)));
            try {
                return KeyFactory.getInstance("RSA").generatePublic(spec);
            } catch (GeneralSecurityException notRsa) {
                return KeyFactory.getInstance("EC").generatePublic(spec);
            }
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException("the public key '" + file + "' of jwt_verify cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public boolean convert(Stream stream, Sample s) {
        String alg = algorithm.isPresent() ? algorithm.get() : text(stream, algorithmVariable.get());
        if (alg == null) {
            return false;
        }
        byte[] key = secret.isPresent() ? secret.get() : bytes(stream, secretVariable.get());
        if (key == null) {
            return false;
        }
        s.setInteger(verify(alg, key, s));
        return true;
    }

    private static String text(Stream stream, Variable variable) {
        byte[] bytes = bytes(stream, variable);
        return bytes == null ? null : Ascii.text(bytes, 0, bytes.length);
    }

    private static byte[] bytes(Stream stream, Variable variable) {
        Scratch scratch = stream.worker().scratch();
        Sample value = scratch.take();
        byte[] bytes = variable.get(stream, value) && Casts.cast(value, SampleType.STRING) ? value.copyBytes() : null;
        scratch.give(value);
        return bytes;
    }

    private long verify(String alg, byte[] key, Sample s) {
        if (!alg.matches("none|(HS|RS|ES|PS)(256|384|512)")) {
            return UNKNOWN_ALGORITHM;
        }
        byte[] token = s.copyBytes();
        int first = indexOf(token, 0);
        int second = first < 0 ? -1 : indexOf(token, first + 1);
        if (second < 0 || indexOf(token, second + 1) >= 0 || first == 0) {
            return INVALID_TOKEN;
        }
        if (alg.equals("none")) {
            return second == token.length - 1 ? GOOD : WRONG;
        }
        byte[] signature;
        try {
            signature = Base64.getUrlDecoder().decode(java.util.Arrays.copyOfRange(token, second + 1, token.length));
        } catch (IllegalArgumentException e) {
            return INVALID_TOKEN;
        }
        if (signature.length == 0) {
            return INVALID_TOKEN;
        }
        try {
            return alg.startsWith("HS") ? hmac(alg, key, token, second, signature) : signed(alg, key, token, second, signature);
        } catch (GeneralSecurityException e) {
            // Not even of the form that a signature of this algorithm has.
            return WRONG;
        }
    }

    private static long hmac(String alg, byte[] key, byte[] token, int length, byte[] signature) throws GeneralSecurityException {
        if (key.length == 0) {
            return WRONG;
        }
        String name = "HmacSHA" + alg.substring(2);
        Mac mac = Mac.getInstance(name);
        mac.init(new SecretKeySpec(key, name));
        mac.update(token, 0, length);
        return MessageDigest.isEqual(mac.doFinal(), signature) ? GOOD : WRONG;
    }

    private long signed(String alg, byte[] keyName, byte[] token, int length, byte[] signature) throws GeneralSecurityException {
        PublicKey key = keys.get(new String(keyName, java.nio.charset.StandardCharsets.UTF_8));
        if (key == null) {
            return UNKNOWN_KEY;
        }
        String bits = alg.substring(2);
        if (alg.startsWith("ES") != key instanceof ECPublicKey) {
            return WRONG;
        }
        Signature check = Signature.getInstance(switch (alg.substring(0, 2)) {
            case "RS" -> "SHA" + bits + "withRSA";
            case "ES" -> "SHA" + bits + "withECDSAinP1363Format";
            default -> "RSASSA-PSS";
        });
        if (alg.startsWith("PS")) {
            check.setParameter(new PSSParameterSpec("SHA-" + bits, "MGF1", new MGF1ParameterSpec("SHA-" + bits),
                    Integer.parseInt(bits) / 8, 1));
        }
        check.initVerify(key);
        check.update(token, 0, length);
        return check.verify(signature) ? GOOD : WRONG;
    }

    private static int indexOf(byte[] token, int from) {
        for (int i = from; i < token.length; i++) {
            if (token[i] == '.') {
                return i;
            }
        }
        return -1;
    }
}
