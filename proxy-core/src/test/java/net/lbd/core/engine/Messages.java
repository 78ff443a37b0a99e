package net.lbd.core.engine;

import net.lbd.testkit.Script;

/** Requests and responses as text. */
final class Messages {

    private Messages() { }

    static String get(String target) {
        return "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n";
    }

    static String post(String target, String body) {
        return "POST " + target + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    static String ok(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    /** Text in chunks of the size given. */
    static String chunked(String data, int size) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < data.length(); i += size) {
            String piece = data.substring(i, Math.min(data.length(), i + size));
            text.append(Integer.toHexString(piece.length())).append("\r\n").append(piece).append("\r\n");
        }
        return text.append("0\r\n\r\n").toString();
    }

    /** Answers each request with its own target. */
    static Script echoTarget() {
        return Script.answering(request -> ok(request.startLine().split(" ")[1]));
    }
}
