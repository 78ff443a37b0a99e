package net.lbd.core.tls;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.security.PrivateKey;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMException;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMDecryptorProviderBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;

/**
 * Private keys that are encrypted: PKCS#8 (RFC 5208 §6) and the older form with {@code DEK-Info}. Bouncy Castle decrypts
 * them, as the JDK reads neither form of OpenSSL whole. Pure function.
 */
final class EncryptedKeys {

    private EncryptedKeys() { }

    /**
     * Decrypts a key.
     *
     * @param block the PEM block with its BEGIN and END
     */
    static PrivateKey read(Path path, String block, char[] password) throws TlsException {
        BouncyCastleProvider provider = new BouncyCastleProvider();
        try (PEMParser parser = new PEMParser(new StringReader(block))) {
            Object parsed = parser.readObject();
            PrivateKeyInfo key;
            if (parsed instanceof PKCS8EncryptedPrivateKeyInfo pkcs8) {
                key = pkcs8.decryptPrivateKeyInfo(
                        new JceOpenSSLPKCS8DecryptorProviderBuilder().setProvider(provider).build(password));
            } else if (parsed instanceof PEMEncryptedKeyPair older) {
                PEMKeyPair pair = older.decryptKeyPair(new JcePEMDecryptorProviderBuilder().setProvider(provider).build(password));
                key = pair.getPrivateKeyInfo();
            } else {
                throw new TlsException("the private key of " + path + " is encrypted in a form that lbd does not read;"
                        + " convert it with: openssl pkcs8 -topk8 -in " + path + " -out NEW");
            }
            return PrivateKeys.read(path, "PRIVATE KEY", key.getEncoded());
        } catch (PEMException | PKCSException e) {
            throw wrong(path, e);
        } catch (OperatorCreationException | IOException | IllegalArgumentException e) {
            throw new TlsException("the encrypted private key of " + path + " is damaged: " + e.getMessage(), e);
        }
    }

    private static TlsException wrong(Path path, Exception cause) {
        return new TlsException("the password of " + path + " does not open its private key, or the key is damaged", cause);
    }
}
