package net.lbd.core.dns;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.dns.DefaultDnsRecordDecoder;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import net.lbd.core.dns.DnsAnswer.Service;
import net.lbd.core.dns.DnsAnswer.Status;

/** Takes the records out of a response. Stateless. Source: RFC 1035 §4, RFC 2782, RFC 3596. */
final class AnswerReader {

    private static final int MOST_ALIASES = 16;
    private static final int IPV4_BYTES = 4;
    private static final int IPV6_BYTES = 16;

    /** An answer, and what is to be counted of it. */
    record Read(DnsAnswer answer, DnsCounter counter) { }

    private AnswerReader() { }

    /** @throws CorruptedFrameException if a record is not what it says */
    static Read read(DnsResponse response, String name, DnsRecordType type, String nameServer) {
        if (response.isTruncated()) {
            return new Read(DnsAnswer.failed(Status.OTHER), DnsCounter.TRUNCATED);
        }
        if (response.code().equals(DnsResponseCode.NXDOMAIN)) {
            return new Read(DnsAnswer.failed(Status.NX), DnsCounter.NX);
        }
        if (response.code().equals(DnsResponseCode.REFUSED)) {
            return new Read(DnsAnswer.failed(Status.REFUSED), DnsCounter.REFUSED);
        }
        if (!response.code().equals(DnsResponseCode.NOERROR)) {
            return new Read(DnsAnswer.failed(Status.OTHER), DnsCounter.OTHER);
        }
        Map<String, String> aliases = new HashMap<>();
        for (int i = 0; i < response.count(DnsSection.ANSWER); i++) {
            DnsRecord record = response.recordAt(DnsSection.ANSWER, i);
            if (record.type().equals(DnsRecordType.CNAME) && record instanceof DnsRawRecord raw) {
                aliases.put(plain(record.name()), target(raw.content().duplicate()));
            }
        }
        String owner = name;
        for (int i = 0; aliases.containsKey(owner); i++) {
            if (i == MOST_ALIASES) {
                return new Read(DnsAnswer.failed(Status.OTHER), DnsCounter.CNAME_ERROR);
            }
            owner = aliases.get(owner);
        }
        return type.equals(DnsRecordType.SRV) ? services(response, owner, nameServer)
                : addresses(response, owner, type, nameServer, !aliases.isEmpty());
    }

    private static Read addresses(DnsResponse response, String owner, DnsRecordType type, String nameServer, boolean aliased) {
        Set<InetAddress> found = new LinkedHashSet<>();
        for (int i = 0; i < response.count(DnsSection.ANSWER); i++) {
            DnsRecord record = response.recordAt(DnsSection.ANSWER, i);
            if (record.type().equals(type) && plain(record.name()).equals(owner) && record instanceof DnsRawRecord raw) {
                found.add(address(raw));
            }
        }
        if (found.isEmpty()) {
            return new Read(DnsAnswer.failed(Status.OTHER), aliased ? DnsCounter.CNAME : DnsCounter.ANY_ERR);
        }
        return new Read(new DnsAnswer(Status.VALID, List.copyOf(found), List.of(), Map.of(), nameServer), DnsCounter.VALID);
    }

    private static Read services(DnsResponse response, String owner, String nameServer) {
        List<Service> found = new ArrayList<>();
        for (int i = 0; i < response.count(DnsSection.ANSWER); i++) {
            DnsRecord record = response.recordAt(DnsSection.ANSWER, i);
            if (record.type().equals(DnsRecordType.SRV) && plain(record.name()).equals(owner) && record instanceof DnsRawRecord raw) {
                Service service = service(raw.content().duplicate());
                // A target of "." says that there is no such service.
                if (!service.target().isEmpty() && found.stream().noneMatch(service::isSame)) {
                    found.add(service);
                }
            }
        }
        if (found.isEmpty()) {
            return new Read(DnsAnswer.failed(Status.OTHER), DnsCounter.ANY_ERR);
        }
        Map<String, List<InetAddress>> additional = new HashMap<>();
        for (int i = 0; i < response.count(DnsSection.ADDITIONAL); i++) {
            DnsRecord record = response.recordAt(DnsSection.ADDITIONAL, i);
            boolean isAddress = record.type().equals(DnsRecordType.A) || record.type().equals(DnsRecordType.AAAA);
            if (isAddress && record instanceof DnsRawRecord raw) {
                additional.computeIfAbsent(plain(record.name()), n -> new ArrayList<>()).add(address(raw));
            }
        }
        return new Read(new DnsAnswer(Status.VALID, List.of(), found, additional, nameServer), DnsCounter.VALID);
    }

    private static InetAddress address(DnsRawRecord record) {
        ByteBuf content = record.content();
        int wanted = record.type().equals(DnsRecordType.A) ? IPV4_BYTES : IPV6_BYTES;
        if (content.readableBytes() != wanted) {
            throw new CorruptedFrameException("an address of " + content.readableBytes() + " bytes");
        }
        byte[] bytes = new byte[wanted];
        content.getBytes(content.readerIndex(), bytes);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four or sixteen bytes are an address", e);
        }
    }

    private static Service service(ByteBuf content) {
        if (content.readableBytes() < 7) {
            throw new CorruptedFrameException("an SRV record of " + content.readableBytes() + " bytes");
        }
        content.skipBytes(2);
        int weight = content.readUnsignedShort();
        int port = content.readUnsignedShort();
        return new Service(target(content), port, weight);
    }

    /** The content is a part of the whole message, which names may point into. */
    private static String target(ByteBuf content) {
        return plain(DefaultDnsRecordDecoder.decodeName(content));
    }

    private static String plain(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }
}
