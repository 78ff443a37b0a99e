package net.lbd.core.http;

import java.util.Arrays;

/**
 * The head of one request or response: start line and headers, whatever version it came in. All text
 * lies in one array of bytes, in which the start line and each header are remembered as offsets; no
 * object is made for a header. Names keep their case and headers their order. Rules change a message
 * by marking headers as removed and appending new ones behind the original text, so that what was
 * received can still be logged.
 *
 * <p>Reusable: {@link #reset} empties it and {@link #takeBytes} gives its array back while the
 * connection idles. Event-loop confined. Source: RFC 9112 §2, RFC 9110 §5.
 */
public final class HttpMessage {

    private static final byte[] NO_BYTES = {};
    /** Ints of one header in the index. */
    private static final int STRIDE = 5;
    private static final int NAME_OFFSET = 0;
    private static final int NAME_LENGTH = 1;
    private static final int VALUE_OFFSET = 2;
    private static final int VALUE_LENGTH = 3;
    /** Bit of {@link KnownHeader}, or {@link #REMOVED}. */
    private static final int KIND = 4;
    private static final int REMOVED = 1 << 31;

    // The parser of this package fills these in directly.
    byte[] bytes = NO_BYTES;
    /** Bytes in use. */
    int used;
    int methodOffset;
    int methodLength;
    int targetOffset;
    int targetLength;
    /** -1: the target has no path, as {@code *} and an authority have none. */
    int pathOffset;
    /** Up to, not including, the question mark. */
    int pathLength;
    /** The original start line without its line end; unlike the fields above never changed by rules. */
    int startLineOffset;
    int startLineLength;
    int originalMethodLength;
    int originalTargetOffset;
    int originalTargetLength;
    /** First byte of the first header line, and of the empty line behind the last, as received. */
    int headersStart;
    int headersEnd;
    int versionMajor;
    int versionMinor;
    int status;
    int reasonOffset;
    int reasonLength;
    private int[] index = new int[24 * STRIDE];
    private int headerCount;
    private int present;
    private boolean startLineChanged;
    private boolean sentInOriginForm;
    private boolean forProxy;

    /** Forgets the message; keeps the arrays. */
    public void reset() {
        used = 0;
        methodOffset = 0;
        methodLength = 0;
        targetOffset = 0;
        targetLength = 0;
        pathOffset = -1;
        pathLength = 0;
        startLineOffset = 0;
        startLineLength = 0;
        originalMethodLength = 0;
        originalTargetOffset = 0;
        originalTargetLength = 0;
        headersStart = 0;
        headersEnd = 0;
        versionMajor = 1;
        versionMinor = 1;
        status = 0;
        reasonOffset = 0;
        reasonLength = 0;
        headerCount = 0;
        present = KnownHeader.NONE;
        startLineChanged = false;
        sentInOriginForm = false;
        forProxy = false;
    }

    /** The request was sent to a proxy, and the frontend takes it so: its credentials are those for a proxy. */
    public void setForProxy() {
        forProxy = true;
    }

    public boolean isForProxy() {
        return forProxy;
    }

    /** The header with the client's credentials for us; -1 if there is none. */
    public int credentials() {
        return find(forProxy ? KnownHeader.PROXY_AUTHORIZATION : KnownHeader.AUTHORIZATION, 0);
    }

    /** The array that all offsets refer to; it may be replaced when a header is added. */
    public byte[] bytes() {
        return bytes;
    }

    /** Whether a message is held: a start line has been read. */
    public boolean isPresent() {
        return startLineLength > 0;
    }

    public int methodOffset() {
        return methodOffset;
    }

    public int methodLength() {
        return methodLength;
    }

    /** The request target as it will be sent. */
    public int targetOffset() {
        return targetOffset;
    }

    public int targetLength() {
        return targetLength;
    }

    /** Whether the target has a path; {@code *} and an authority have none. */
    public boolean hasPath() {
        return pathOffset >= 0;
    }

    /** Whether the target names a host: it is neither a path nor {@code *}. */
    public boolean hasAuthority() {
        return bytes[targetOffset] != '/' && bytes[targetOffset] != '*';
    }

    public int pathOffset() {
        return pathOffset;
    }

    /** Without the question mark and what follows it. */
    public int pathLength() {
        return pathLength;
    }

    /** The path with its query: from the path to the end of the target. */
    public int pathAndQueryLength() {
        return targetOffset + targetLength - pathOffset;
    }

    /** The start line as it was received, without its line end. */
    public int startLineOffset() {
        return startLineOffset;
    }

    public int startLineLength() {
        return startLineLength;
    }

    /** Bytes of the head as received, from the start line to the end of the last header. */
    public int receivedLength() {
        return headersEnd - startLineOffset;
    }

    /** Bytes of the message that have been read, whether or not it is a valid one; from index 0 of {@link #bytes}. */
    public int bytesRead() {
        return headersEnd > 0 ? headersEnd : used;
    }

    /** Where the header stands that a defect is about; 0 if it is about none. */
    public int positionOf(Defect defect) {
        int kind = switch (defect) {
            case DUPLICATE_HOST, BAD_HOST, HOST_MISMATCH -> KnownHeader.HOST;
            case BAD_CONTENT_LENGTH, LENGTH_CONTRADICTION -> KnownHeader.CONTENT_LENGTH;
            case LENGTH_AND_ENCODING, BAD_TRANSFER_ENCODING -> KnownHeader.TRANSFER_ENCODING;
            default -> KnownHeader.NONE;
        };
        int header = kind == KnownHeader.NONE ? -1 : find(kind, 0);
        return header < 0 ? 0 : nameOffset(header);
    }

    public int originalMethodLength() {
        return originalMethodLength;
    }

    public int originalTargetOffset() {
        return originalTargetOffset;
    }

    public int originalTargetLength() {
        return originalTargetLength;
    }

    public int versionMajor() {
        return versionMajor;
    }

    public int versionMinor() {
        return versionMinor;
    }

    /** Whether the sender speaks HTTP/1.1 or later. */
    public boolean isAtLeast11() {
        return versionMajor > 1 || versionMajor == 1 && versionMinor >= 1;
    }

    /** 100 to 999; 0 in a request. */
    public int status() {
        return status;
    }

    public int reasonOffset() {
        return reasonOffset;
    }

    public int reasonLength() {
        return reasonLength;
    }

    public boolean methodIs(byte[] method) {
        return Arrays.equals(bytes, methodOffset, methodOffset + methodLength, method, 0, method.length);
    }

    /** Headers held, removed ones included: the bound for an index. */
    public int headerCount() {
        return headerCount;
    }

    public boolean isRemoved(int header) {
        return index[header * STRIDE + KIND] < 0;
    }

    public int nameOffset(int header) {
        return index[header * STRIDE + NAME_OFFSET];
    }

    public int nameLength(int header) {
        return index[header * STRIDE + NAME_LENGTH];
    }

    /** Where the value starts, blanks around it left out. */
    public int valueOffset(int header) {
        return index[header * STRIDE + VALUE_OFFSET];
    }

    public int valueLength(int header) {
        return index[header * STRIDE + VALUE_LENGTH];
    }

    /** The {@link KnownHeader} bit of a header, or {@link KnownHeader#NONE}. */
    public int kind(int header) {
        return index[header * STRIDE + KIND] & ~REMOVED;
    }

    /** Whether a header of one of these {@link KnownHeader} bits is there, or was until a rule removed it. */
    public boolean mayHave(int bits) {
        return (present & bits) != 0;
    }

    /** The next header at or after {@code from} with this name, given in lower case; -1 if there is none. */
    public int find(byte[] lowerName, int from) {
        for (int i = from; i < headerCount; i++) {
            int at = i * STRIDE;
            if (index[at + NAME_LENGTH] == lowerName.length && index[at + KIND] >= 0
                    && Ascii.equalsIgnoreCase(bytes, index[at + NAME_OFFSET], lowerName)) {
                return i;
            }
        }
        return -1;
    }

    /** The next header at or after {@code from} with this {@link KnownHeader} bit; -1 if there is none. */
    public int find(int knownBit, int from) {
        if ((present & knownBit) == 0) {
            return -1;
        }
        for (int i = from; i < headerCount; i++) {
            if (index[i * STRIDE + KIND] == knownBit) {
                return i;
            }
        }
        return -1;
    }

    public void remove(int header) {
        index[header * STRIDE + KIND] |= REMOVED;
    }

    /** Removes every header of this name, given in lower case. */
    public void removeAll(byte[] lowerName) {
        for (int i = find(lowerName, 0); i >= 0; i = find(lowerName, i + 1)) {
            remove(i);
        }
    }

    /** Removes every header with one of these {@link KnownHeader} bits. */
    public void removeKnown(int bits) {
        if ((present & bits) == 0) {
            return;
        }
        for (int i = 0; i < headerCount; i++) {
            if ((index[i * STRIDE + KIND] & bits) != 0) {
                remove(i);
            }
        }
    }

    /**
     * Appends a header. The caller vouches for the name; of the value, bytes that would end the line
     * (CR, LF, NUL) are replaced by blanks, so that no rule can split a message.
     */
    public void add(byte[] name, byte[] value, int valueOffset, int valueLength) {
        ensureRoom(name.length + valueLength);
        int nameAt = used;
        System.arraycopy(name, 0, bytes, nameAt, name.length);
        int valueAt = nameAt + name.length;
        for (int i = 0; i < valueLength; i++) {
            byte b = value[valueOffset + i];
            bytes[valueAt + i] = b == '\r' || b == '\n' || b == 0 ? (byte) ' ' : b;
        }
        used = valueAt + valueLength;
        append(nameAt, name.length, valueAt, valueLength);
    }

    public void add(byte[] name, byte[] value) {
        add(name, value, 0, value.length);
    }

    /** Puts a header into the index that stands in {@link #bytes()} already. */
    void append(int nameAt, int nameLength, int valueAt, int valueLength) {
        int at = headerCount * STRIDE;
        if (at == index.length) {
            index = Arrays.copyOf(index, index.length * 2);
        }
        int kind = KnownHeader.recognise(bytes, nameAt, nameLength);
        index[at + NAME_OFFSET] = nameAt;
        index[at + NAME_LENGTH] = nameLength;
        index[at + VALUE_OFFSET] = valueAt;
        index[at + VALUE_LENGTH] = valueLength;
        index[at + KIND] = kind;
        present |= kind;
        headerCount++;
    }

    /** Replaces the method. */
    public void setMethod(byte[] value, int offset, int length) {
        methodOffset = store(value, offset, length);
        methodLength = length;
        startLineChanged = true;
    }

    /** Replaces the whole request target. The caller has checked that it holds no blank or control byte. */
    public void setTarget(byte[] value, int offset, int length) {
        // A target of another site, or of none, is one that a rule wants to be sent as it is.
        int prefix = pathOffset - targetOffset;
        sentInOriginForm = sentInOriginForm && prefix >= 0 && length >= prefix
                && Arrays.equals(bytes, targetOffset, pathOffset, value, offset, offset + prefix);
        targetOffset = store(value, offset, length);
        targetLength = length;
        locatePath();
        startLineChanged = true;
    }

    /**
     * Replaces the status line of a response. A status that tells of no body, or of one where there is none, would
     * make client and proxy disagree about where the response ends: then nothing changes.
     *
     * @param line from {@code HTTP/1.1} on, without its line end
     */
    public void setStatus(int newStatus, byte[] line) {
        if (isBodiless(status) || isBodiless(newStatus)) {
            return;
        }
        startLineOffset = store(line, 0, line.length);
        startLineLength = line.length;
        status = newStatus;
        reasonOffset = startLineOffset + 13;
        reasonLength = Math.max(0, line.length - 13);
    }

    private static boolean isBodiless(int code) {
        return code < 200 || code == 204 || code == 304;
    }

    private int store(byte[] value, int offset, int length) {
        ensureRoom(length);
        System.arraycopy(value, offset, bytes, used, length);
        used += length;
        return used - length;
    }

    /** Finds the path in the target: origin form, absolute form, or none. */
    void locatePath() {
        int end = targetOffset + targetLength;
        pathOffset = -1;
        pathLength = 0;
        int start = targetOffset;
        if (targetLength > 0 && bytes[start] != '/') {
            start = indexOfPathInAbsoluteForm(end);
            if (start < 0) {
                return;
            }
        }
        if (start < end) {
            pathOffset = start;
            int i = start;
            while (i < end && bytes[i] != '?') {
                i++;
            }
            pathLength = i - start;
        }
    }

    private int indexOfPathInAbsoluteForm(int end) {
        for (int i = targetOffset; i + 2 < end; i++) {
            if (bytes[i] == ':' && bytes[i + 1] == '/' && bytes[i + 2] == '/') {
                for (int k = i + 3; k < end; k++) {
                    if (bytes[k] == '/') {
                        return k;
                    }
                    if (bytes[k] == '?') {
                        return -1;
                    }
                }
                return -1;
            }
        }
        return -1;
    }

    /**
     * Whether the sender leaves the connection open behind this message.
     *
     * @param tokens what {@link HopByHop#strip} found
     */
    public boolean keepsAlive(int tokens) {
        return (tokens & HopByHop.CLOSE) == 0 && (isAtLeast11() || (tokens & HopByHop.KEEP_ALIVE) != 0);
    }

    /** Makes the status line say HTTP/1.1, our version, whatever the server's is (RFC 9110 §2.5). */
    public void speakVersion11() {
        bytes[startLineOffset + 7] = '1';
    }

    /**
     * Makes the message, whose start line is of another version, leave as one of HTTP/1.1.
     *
     * @param originForm whether an absolute target leaves without scheme and authority
     */
    void sendAsVersion1(boolean originForm) {
        startLineChanged = true;
        sentInOriginForm = originForm;
    }

    /** Whether a server gets the path of an absolute target alone. */
    boolean isSentInOriginForm() {
        return sentInOriginForm;
    }

    boolean startLineChanged() {
        return startLineChanged;
    }

    /** Makes room for {@code more} bytes behind those in use. */
    void ensureRoom(int more) {
        if (bytes.length - used < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, used + more + 256));
        }
    }

    /** Gives the message an array to be filled; its length bounds the head unless it is grown. */
    void lendBytes(byte[] array) {
        System.arraycopy(bytes, 0, array, 0, used);
        bytes = array;
    }

    /** Takes the array away, to be pooled; the message must be {@link #reset} before its next use. */
    public byte[] takeBytes() {
        byte[] array = bytes;
        bytes = NO_BYTES;
        used = 0;
        return array;
    }
}
