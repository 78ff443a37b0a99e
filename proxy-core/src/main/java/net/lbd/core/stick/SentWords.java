package net.lbd.core.stick;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The names of servers that went over a connection between peers: each is sent once and then named by its number, in
 * either direction for itself. Event-loop confined. Source: HAProxy, doc/peers.txt, "STD_T_DICT".
 */
final class SentWords {

    private static final int SLOTS = 128;
    private static final int LONGEST = 4096;

    private final Map<String, Integer> sent = new HashMap<>();
    private final String[] sentBySlot = new String[SLOTS];
    private int next;
    private final Map<Long, String> received = new HashMap<>();

    void write(ByteBuf out, String word) {
        if (word.isEmpty()) {
            Varint.write(out, 0);
            return;
        }
        Integer slot = sent.get(word);
        if (slot != null) {
            Varint.write(out, 1);
            Varint.write(out, slot + 1);
            return;
        }
        int free = next++ % SLOTS;
        if (sentBySlot[free] != null) {
            sent.remove(sentBySlot[free]);
        }
        sentBySlot[free] = word;
        sent.put(word, free);
        byte[] bytes = word.getBytes(StandardCharsets.ISO_8859_1);
        ByteBuf body = out.alloc().buffer(bytes.length + 12);
        Varint.write(body, free + 1);
        Varint.write(body, bytes.length);
        body.writeBytes(bytes);
        Varint.write(out, body.readableBytes());
        out.writeBytes(body);
        body.release();
    }

    /** Both directions, as {@code show peers dict} tells them: the slots that are in use, four in a row. */
    void describe(StringBuilder out, String indent) {
        Map<Long, String> slots = new TreeMap<>();
        for (int i = 0; i < SLOTS; i++) {
            if (sentBySlot[i] != null) {
                slots.put((long) i, sentBySlot[i]);
            }
        }
        describe(out, indent, "TX", slots);
        slots.clear();
        received.forEach((number, word) -> slots.put(number - 1, word));
        describe(out, indent, "RX", slots);
    }

    private static void describe(StringBuilder out, String indent, String direction, Map<Long, String> slots) {
        out.append(indent).append(direction).append(" dictionary cache:");
        int shown = 0;
        for (Map.Entry<Long, String> slot : slots.entrySet()) {
            out.append(shown++ % 4 == 0 ? "\n" + indent : "").append(String.format(" %4d -> %s", slot.getKey(), slot.getValue()));
        }
        out.append('\n');
    }

    String read(ByteBuf in) {
        long length = Varint.read(in);
        if (length == 0) {
            return "";
        }
        if (length < 0 || length > in.readableBytes()) {
            throw new IllegalArgumentException("a word of " + length + " bytes");
        }
        ByteBuf body = in.readSlice((int) length);
        long number = Varint.read(body);
        if (number < 1 || number > LONGEST) {
            throw new IllegalArgumentException("word number " + number);
        }
        if (!body.isReadable()) {
            String known = received.get(number);
            if (known == null) {
                throw new IllegalArgumentException("word number " + number + " was not told before");
            }
            return known;
        }
        long size = Varint.read(body);
        if (size < 0 || size > body.readableBytes() || size > LONGEST) {
            throw new IllegalArgumentException("a word of " + size + " bytes");
        }
        byte[] bytes = new byte[(int) size];
        body.readBytes(bytes);
        String word = new String(bytes, StandardCharsets.ISO_8859_1);
        received.put(number, word);
        return word;
    }
}
