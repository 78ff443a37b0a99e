package net.lbd.core.tls;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.ocsp.CertID;
import org.bouncycastle.asn1.ocsp.OCSPRequest;
import org.bouncycastle.asn1.ocsp.Request;
import org.bouncycastle.asn1.ocsp.TBSRequest;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.GeneralName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks authorities for OCSP answers in the background, and has them go with their certificates. An answer is asked for anew when
 * half of its time is over, after an hour at the latest and five minutes at the earliest; behind a failure after five minutes, then ten, up to
 * an hour. Only an answer that the authority has signed is taken. Used by one thread, which it blocks for ten seconds at most for each
 * certificate. Source: HAProxy manual, "ocsp-update"; RFC 6960, RFC 5019.
 */
final class OcspUpdater {

    private static final Logger LOG = LoggerFactory.getLogger(OcspUpdater.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration EARLIEST = Duration.ofMinutes(5);
    private static final Duration LATEST = Duration.ofHours(1);
    private static final int LONGEST_ANSWER = 64 * 1024;
    private static final String ACCESS = "1.3.6.1.5.5.7.1.1";

    /**
     * When it is to be asked for again, how often that has failed in a row, and the last answer: a reload reads certificates anew, and
     * has no other place to take it from.
     */
    private record Turn(PemFile pem, Instant next, int failures, Optional<byte[]> answer) { }

    private final Clock clock;
    private final Map<String, Turn> turns = new HashMap<>();
    private Optional<HttpClient> client = Optional.empty();

    OcspUpdater(Clock clock) {
        this.clock = clock;
    }

    /** Asks for what is due. */
    void update(CertificateStore store) {
        Map<String, PemFile> wanted = store.wantingOcsp();
        turns.keySet().retainAll(wanted.keySet());
        wanted.forEach((name, pem) -> {
            Turn turn = turns.get(name);
            // Another certificate has come to the file: what was known of the one before does not count.
            boolean same = turn != null && turn.pem.certificates().equals(pem.certificates());
            if (same && pem.ocsp().isEmpty() && turn.answer.isPresent()) {
                again(store, name, pem, turn.answer.get());
            }
            if (!same || !turn.next.isAfter(clock.instant())) {
                turns.put(name, attempt(store, name, pem, same ? turn : new Turn(pem, clock.instant(), 0, Optional.empty())));
            }
        });
    }

    private static void again(CertificateStore store, String name, PemFile pem, byte[] answer) {
        try {
            store.staple(name, pem, pem.withOcsp(Optional.of(OcspAnswer.judged("for " + name, answer, pem.certificates().get(0)))));
        } catch (TlsException e) {
            LOG.warn("the OCSP answer for the certificate {} is not used any more: {}", name, e.getMessage());
        }
    }

    private Turn attempt(CertificateStore store, String name, PemFile pem, Turn before) {
        try {
            byte[] answer = OcspAnswer.signed(name, fetch(pem), pem);
            PemFile stapled = pem.withOcsp(Optional.of(answer));
            if (store.staple(name, pem, stapled)) {
                LOG.info("a new OCSP answer goes with the certificate {}", name);
            }
            return new Turn(pem, clock.instant().plus(untilNext(stapled)), 0, Optional.of(answer));
        } catch (TlsException | RuntimeException e) {
            // What a stranger answers, and what a certificate names, must not end the asking for all others.
            LOG.warn("no new OCSP answer for the certificate {}: {}", name, e.getMessage());
            Duration pause = EARLIEST.multipliedBy(1L << Math.min(before.failures, 4));
            return new Turn(pem, clock.instant().plus(pause.compareTo(LATEST) > 0 ? LATEST : pause), before.failures + 1, before.answer);
        }
    }

    private Duration untilNext(PemFile pem) throws TlsException {
        Optional<Date> end = OcspAnswer.nextUpdate(pem);
        Duration half = end.map(e -> Duration.between(clock.instant(), e.toInstant()).dividedBy(2)).orElse(LATEST);
        return half.compareTo(EARLIEST) < 0 ? EARLIEST : half.compareTo(LATEST) > 0 ? LATEST : half;
    }

    private byte[] fetch(PemFile pem) throws TlsException {
        X509Certificate leaf = pem.certificates().get(0);
        X509Certificate authority = pem.authority().orElseThrow(() -> new TlsException(
                "its authority is not known: put it into the chain, or beside the certificate with .issuer appended to the name"));
        URI where = responder(leaf).orElseThrow(() -> new TlsException("it names no OCSP responder with an address of http"));
        HttpRequest request = HttpRequest.newBuilder(where).timeout(PATIENCE).header("Content-Type", "application/ocsp-request")
                .header("Accept", "application/ocsp-response").POST(HttpRequest.BodyPublishers.ofByteArray(question(leaf, authority))).build();
        CompletableFuture<HttpResponse<byte[]>> exchange =
                client().sendAsync(request, status -> new BoundedBody(LONGEST_ANSWER));
        try {
            // The time of a request ends with the head of its answer: this one is for all of it.
            HttpResponse<byte[]> response = exchange.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (response.statusCode() != 200) {
                throw new TlsException(where + " answers with status " + response.statusCode());
            }
            return response.body();
        } catch (TimeoutException e) {
            throw new TlsException(where + " has not answered whole within " + PATIENCE.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw new TlsException(where + " cannot be asked: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TlsException("the process ends", e);
        } finally {
            exchange.cancel(true);
        }
    }

    private HttpClient client() {
        if (client.isEmpty()) {
            client = Optional.of(HttpClient.newBuilder().connectTimeout(PATIENCE).version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER).build());
        }
        return client.get();
    }

    /** Where the certificate says that its authority can be asked. */
    static Optional<URI> responder(X509Certificate certificate) throws TlsException {
        byte[] extension = certificate.getExtensionValue(ACCESS);
        if (extension == null) {
            return Optional.empty();
        }
        try {
            AuthorityInformationAccess access = AuthorityInformationAccess.getInstance(ASN1OctetString.getInstance(extension).getOctets());
            for (AccessDescription one : access.getAccessDescriptions()) {
                String name = one.getAccessLocation().getTagNo() == GeneralName.uniformResourceIdentifier
                        ? one.getAccessLocation().getName().toString() : "";
                if (AccessDescription.id_ad_ocsp.equals(one.getAccessMethod()) && name.startsWith("http://")) {
                    return Optional.of(URI.create(name));
                }
            }
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            throw new TlsException("where its authority can be asked is not readable: " + e.getMessage(), e);
        }
    }

    private static byte[] question(X509Certificate leaf, X509Certificate authority) throws TlsException {
        CertID id = new CertID(new AlgorithmIdentifier(new ASN1ObjectIdentifier(OcspAnswer.SHA1), DERNull.INSTANCE),
                new DEROctetString(OcspAnswer.nameHash("SHA-1", authority)), new DEROctetString(OcspAnswer.keyHash("SHA-1", authority)),
                new ASN1Integer(leaf.getSerialNumber()));
        try {
            return new OCSPRequest(new TBSRequest(null, new DERSequence(new Request(id, null)), (org.bouncycastle.asn1.x509.Extensions) null), null)
                    .getEncoded();
        } catch (IOException e) {
            throw new TlsException("the question for its authority cannot be written: " + e.getMessage(), e);
        }
    }
}
