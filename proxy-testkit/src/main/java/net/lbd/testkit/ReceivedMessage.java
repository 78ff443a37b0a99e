package net.lbd.testkit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An HTTP/1 message as it came over the wire: nothing is normalised, the order and case of the header
 * lines are those of the sender. Text is ISO-8859-1, so that every byte is one character. Immutable.
 */
public final class ReceivedMessage {

    private final String head;
    private final byte[] body;
    private final byte[] rawBody;

    /**
     * @param head start line and header lines with their line ends, up to and with the empty line
     * @param body the content, with the chunk framing taken off
     * @param rawBody the content as it came
     */
    ReceivedMessage(String head, byte[] body, byte[] rawBody) {
        this.head = head;
        this.body = body;
        this.rawBody = rawBody;
    }

    /** The head with its line ends, up to and with the empty line. */
    public String head() {
        return head;
    }

    public String startLine() {
        return lines().get(0);
    }

    /** The status code of a response. */
    public int status() {
        String line = startLine();
        String[] words = line.split(" ", 3);
        if (words.length < 2 || !words[0].startsWith("HTTP/")) {
            throw new AssertionError("not a status line: " + line);
        }
        return Integer.parseInt(words[1]);
    }

    /** The method of a request. */
    public String method() {
        return startLine().split(" ", 3)[0];
    }

    /** The target of a request as sent. */
    public String target() {
        return startLine().split(" ", 3)[1];
    }

    /** The header lines in the order of the wire, without their line ends. */
    public List<String> headerLines() {
        List<String> lines = lines();
        return List.copyOf(lines.subList(1, lines.size()));
    }

    /** The first value of a header, its name compared without case. */
    public Optional<String> header(String name) {
        return headers(name).stream().findFirst();
    }

    /** Every value of a header in the order of the wire, its name compared without case. */
    public List<String> headers(String name) {
        List<String> values = new ArrayList<>();
        for (String line : headerLines()) {
            int colon = line.indexOf(':');
            if (colon > 0 && line.substring(0, colon).equalsIgnoreCase(name)) {
                values.add(line.substring(colon + 1).strip());
            }
        }
        return values;
    }

    public byte[] body() {
        return body.clone();
    }

    public String bodyText() {
        return new String(body, StandardCharsets.ISO_8859_1);
    }

    /** The body as it came, with the chunk framing if there was one. */
    public String rawBodyText() {
        return new String(rawBody, StandardCharsets.ISO_8859_1);
    }

    /** Head and raw body: the whole message byte for byte. */
    @Override
    public String toString() {
        return head + rawBodyText();
    }

    private List<String> lines() {
        return List.of(head.substring(0, head.length() - 4).split("\r\n", -1));
    }
}
