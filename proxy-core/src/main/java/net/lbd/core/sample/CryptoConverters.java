package net.lbd.core.sample;

import static java.util.Map.entry;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import net.lbd.config.model.SampleType;
import net.lbd.core.stream.Stream;

/**
 * Converters with keys: keyed digests and AES-GCM. Keys, nonces and tags are base64, as text or in a variable. Cipher and
 * digest objects are kept for each event loop. Keys are never part of a message. Source: HAProxy manual, "hmac", "aes_gcm_dec".
 */
final class CryptoConverters {

    private static final int TAG_BITS = 128;
    private static final int TAG_BYTES = TAG_BITS / 8;

    static final Map<String, ConverterCompiler> ROWS = Map.ofEntries(
            entry("hmac", ConverterCompiler.named(SampleType.BINARY, (a, names) -> hmac(a.text(0), Key.of(a, 1, names)))),
            entry("aes_gcm_enc", ConverterCompiler.named(SampleType.BINARY, (a, names) -> new AesGcm(a, names, true))),
            entry("aes_gcm_dec", ConverterCompiler.named(SampleType.BINARY, (a, names) -> new AesGcm(a, names, false))));

    private CryptoConverters() { }

    /** Base64 in the configuration, decoded when it is read, or in a variable, decoded when it is used. Immutable. */
    private record Key(Optional<byte[]> fixed, Optional<Variable> variable) {

        static Key of(ArgumentList a, int i, RuntimeNames names) {
            if (a.isVariable(i)) {
                return new Key(Optional.empty(), Optional.of(Variable.of(a.text(i), names)));
            }
            try {
                return new Key(Optional.of(Base64.getDecoder().decode(a.text(i, ""))), Optional.empty());
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("argument " + (i + 1) + " is no base64", e);
            }
        }

        /** Null if the variable is not set, or holds no base64. */
        byte[] bytes(Stream stream) {
            if (fixed.isPresent()) {
                return fixed.get();
            }
            Scratch scratch = stream.worker().scratch();
            Sample value = scratch.take();
            byte[] bytes = null;
            if (variable.get().get(stream, value) && Casts.cast(value, SampleType.STRING)) {
                try {
                    bytes = Base64.getDecoder().decode(value.copyBytes());
                } catch (IllegalArgumentException e) {
                    // What a client may have sent: no value, as for any input that cannot be converted.
                    bytes = null;
                }
            }
            scratch.give(value);
            return bytes;
        }
    }

    private static Converter hmac(String digest, Key key) {
        MessageDigest probe = HashConverters.newDigest(HashConverters.javaName(digest));
        int block = probe.getAlgorithm().matches("SHA-(384|512.*)") ? 128 : 64;
        PerWorker<MessageDigest> digests = new PerWorker<>(() -> HashConverters.newDigest(probe.getAlgorithm()));
        String name = "Hmac" + probe.getAlgorithm().replace("SHA-", "SHA");
        if (isMac(name) && key.fixed.isPresent() && key.fixed.get().length > 0) {
            PerWorker<Mac> macs = new PerWorker<>(() -> mac(name, key.fixed.get()));
            return (stream, s) -> {
                Mac mac = macs.get(stream.worker());
                mac.update(s.bytes(), s.offset(), s.length());
                byte[] result = mac.doFinal();
                s.setView(SampleType.BINARY, result, 0, result.length);
                return true;
            };
        }
        return (stream, s) -> {
            byte[] bytes = key.bytes(stream);
            if (bytes == null) {
                return false;
            }
            byte[] result = hmac(digests.get(stream.worker()), block, bytes, s);
            s.setView(SampleType.BINARY, result, 0, result.length);
            return true;
        };
    }

    /** RFC 2104 by hand, since Java's Mac takes no empty key and does not know every digest. */
    private static byte[] hmac(MessageDigest digest, int block, byte[] key, Sample s) {
        byte[] pad = Arrays.copyOf(key.length > block ? digest.digest(key) : key, block);
        xor(pad, 0x36);
        digest.update(pad);
        digest.update(s.bytes(), s.offset(), s.length());
        byte[] inner = digest.digest();
        xor(pad, 0x36 ^ 0x5c);
        digest.update(pad);
        return digest.digest(inner);
    }

    private static void xor(byte[] bytes, int value) {
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] ^= (byte) value;
        }
    }

    private static boolean isMac(String name) {
        return name.matches("Hmac(MD5|SHA1|SHA224|SHA256|SHA384|SHA512)");
    }

    private static Mac mac(String name, byte[] key) {
        try {
            Mac mac = Mac.getInstance(name);
            mac.init(new SecretKeySpec(key, name));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Java has " + name, e);
        }
    }

    /** {@code aes_gcm_enc} and {@code aes_gcm_dec}: the tag goes to, or comes from, a variable. */
    private static final class AesGcm implements Converter {
        private final int keyBytes;
        private final Key nonce;
        private final Key key;
        private final Variable tagVariable;
        private final Key tag;
        private final boolean encrypt;
        private final PerWorker<Cipher> ciphers = new PerWorker<>(AesGcm::cipher);

        AesGcm(ArgumentList a, RuntimeNames names, boolean encrypt) {
            keyBytes = (int) a.number(0) / 8;
            nonce = Key.of(a, 1, names);
            key = Key.of(a, 2, names);
            this.encrypt = encrypt;
            if (encrypt && !a.isVariable(3)) {
                throw new IllegalArgumentException("the tag of aes_gcm_enc goes to a variable, as in txn.tag");
            }
            tag = Key.of(a, 3, names);
            tagVariable = encrypt ? Variable.of(a.text(3), names) : null;
            key.fixed.ifPresent(k -> {
                if (k.length != keyBytes) {
                    throw new IllegalArgumentException("the key has " + 8 * k.length + " bits, not " + 8 * keyBytes);
                }
            });
        }

        private static Cipher cipher() {
            try {
                return Cipher.getInstance("AES/GCM/NoPadding");
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("Java has AES-GCM", e);
            }
        }

        @Override
        public boolean convert(Stream stream, Sample s) {
            byte[] keyNow = key.bytes(stream);
            byte[] nonceNow = nonce.bytes(stream);
            if (keyNow == null || keyNow.length != keyBytes || nonceNow == null || nonceNow.length == 0) {
                return false;
            }
            Cipher cipher = ciphers.get(stream.worker());
            try {
                cipher.init(encrypt ? Cipher.ENCRYPT_MODE : Cipher.DECRYPT_MODE, new SecretKeySpec(keyNow, "AES"),
                        new GCMParameterSpec(TAG_BITS, nonceNow));
                return encrypt ? encrypt(stream, cipher, s) : decrypt(stream, cipher, s);
            } catch (AEADBadTagException e) {
                return false;
            } catch (GeneralSecurityException e) {
                // A nonce used twice, or one of a length that is not accepted: chosen by whoever sent the variable.
                return false;
            }
        }

        private boolean encrypt(Stream stream, Cipher cipher, Sample s) throws GeneralSecurityException {
            byte[] result = cipher.doFinal(s.bytes(), s.offset(), s.length());
            int length = result.length - TAG_BYTES;
            Scratch scratch = stream.worker().scratch();
            Sample tagSample = scratch.take();
            byte[] text = Base64.getEncoder().encode(Arrays.copyOfRange(result, length, result.length));
            tagSample.setView(SampleType.STRING, text, 0, text.length);
            tagVariable.set(stream, tagSample);
            scratch.give(tagSample);
            s.setView(SampleType.BINARY, result, 0, length);
            return true;
        }

        private boolean decrypt(Stream stream, Cipher cipher, Sample s) throws GeneralSecurityException {
            byte[] tagNow = tag.bytes(stream);
            if (tagNow == null || tagNow.length != TAG_BYTES) {
                return false;
            }
            byte[] input = Arrays.copyOf(s.copyBytes(), s.length() + TAG_BYTES);
            System.arraycopy(tagNow, 0, input, s.length(), TAG_BYTES);
            byte[] result = cipher.doFinal(input);
            s.setView(SampleType.BINARY, result, 0, result.length);
            return true;
        }
    }
}
