package net.lbd.core.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import net.lbd.core.session.OfferedTls;

/**
 * Takes from a client's hello what fetches tell of it. The room is shared: suites first, then the types of extensions (whole ones), then
 * groups, then point formats. Pure function. Source: RFC 8446 §4.1.2, RFC 8422 §5.1.
 */
final class HelloCapture {

    private static final int GROUPS = 10;
    private static final int FORMATS = 11;
    private static final byte[] EMPTY = {};

    private HelloCapture() { }

    /**
     * Reads a hello, from its {@code legacy_version} on.
     *
     * @param roomBytes how much is kept; at least 1
     * @return {@link OfferedTls#NONE} for one that is malformed before its extensions; without what is malformed in them
     */
    static OfferedTls read(ByteBuf hello, int roomBytes) {
        int at = hello.readerIndex();
        int end = hello.writerIndex();
        if (at + 35 > end) {
            return OfferedTls.NONE;
        }
        int version = hello.getUnsignedShort(at);
        at += 34;
        at += 1 + hello.getUnsignedByte(at);
        if (at + 2 > end || at + 2 + hello.getUnsignedShort(at) > end) {
            return OfferedTls.NONE;
        }
        int length = hello.getUnsignedShort(at);
        byte[] suites = ByteBufUtil.getBytes(hello, at + 2, length);
        int kept = Math.min(length, roomBytes);
        at += 2 + length;
        at += at < end ? 1 + hello.getUnsignedByte(at) : 0;
        int limit = at + 2 <= end ? at + 2 + hello.getUnsignedShort(at) : end;
        return limit > end ? new OfferedTls(version, suites, kept, EMPTY, EMPTY, EMPTY)
                : withExtensions(hello, at + 2, limit, roomBytes - kept, new OfferedTls(version, suites, kept, EMPTY, EMPTY, EMPTY));
    }

    private static OfferedTls withExtensions(ByteBuf hello, int from, int end, int roomBytes, OfferedTls begun) {
        ByteArrayOutputStream types = new ByteArrayOutputStream();
        byte[] groups = EMPTY;
        byte[] formats = EMPTY;
        int at = from;
        while (at + 4 <= end) {
            int type = hello.getUnsignedShort(at);
            int content = at + 4;
            int length = hello.getUnsignedShort(at + 2);
            at = content + length;
            // HAProxy, too, looks at no extension whose type has no room.
            if (at > end || types.size() + 2 > roomBytes) {
                break;
            }
            types.write(type >>> 8);
            types.write(type);
            if (type == GROUPS && length >= 2 && hello.getUnsignedShort(content) == length - 2) {
                groups = ByteBufUtil.getBytes(hello, content + 2, length - 2);
            } else if (type == FORMATS && length >= 1 && hello.getUnsignedByte(content) == length - 1) {
                formats = ByteBufUtil.getBytes(hello, content + 1, length - 1);
            }
        }
        int left = roomBytes - types.size();
        groups = first(groups, left);
        formats = first(formats, left - groups.length);
        return new OfferedTls(begun.version(), begun.allSuites(), begun.suiteBytes(), types.toByteArray(), groups, formats);
    }

    private static byte[] first(byte[] bytes, int count) {
        return bytes.length <= count ? bytes : Arrays.copyOf(bytes, count);
    }
}
