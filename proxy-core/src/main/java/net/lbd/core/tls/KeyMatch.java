package net.lbd.core.tls;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Map;

/** Whether two keys are a pair, found out by signing. Pure function. */
final class KeyMatch {

    private static final Map<String, String> SIGNATURES =
            Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "Ed25519", "Ed25519", "Ed25519");
    private static final byte[] PROBE = {1, 2, 3, 4};

    private KeyMatch() { }

    static boolean matches(PublicKey publicKey, PrivateKey privateKey) {
        String algorithm = SIGNATURES.get(privateKey.getAlgorithm());
        if (algorithm == null || !algorithm.equals(SIGNATURES.get(publicKey.getAlgorithm()))) {
            return false;
        }
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(privateKey);
            signature.update(PROBE);
            byte[] signed = signature.sign();
            signature.initVerify(publicKey);
            signature.update(PROBE);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            // Keys of different curves or sizes cannot verify each other: they are no pair.
            return false;
        }
    }
}
