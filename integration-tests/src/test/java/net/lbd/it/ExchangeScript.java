package net.lbd.it;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import net.lbd.testkit.OriginConnection;
import net.lbd.testkit.Script;

/**
 * What an Exchange server does with a connection, as far as a proxy can notice: a login speaks for the connection, long polls answer
 * late and in pieces, RPC over HTTP pairs a request that never ends with a response that never does. Any thread.
 */
final class ExchangeScript implements Script {

    private static final byte[] END = {};
    private final Map<String, BlockingQueue<byte[]>> channels = new ConcurrentHashMap<>();

    @Override
    public void run(OriginConnection connection) throws Exception {
        String user = "";
        while (connection.hasMore()) {
            String head = connection.readHead();
            String[] line = head.substring(0, head.indexOf("\r\n")).split(" ");
            String authorization = header(head, "Authorization");
            if (line[1].endsWith("HealthCheck.htm")) {
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n200 OK<br/>EX");
                continue;
            }
            if (authorization.equals("NTLM negotiate")) {
                connection.send("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: NTLM challenge\r\nContent-Length: 0\r\n\r\n");
                continue;
            }
            if (authorization.startsWith("NTLM user=")) {
                user = authorization.substring("NTLM user=".length());
            }
            if (user.isEmpty()) {
                connection.send("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: NTLM\r\nContent-Length: 0\r\n\r\n");
                continue;
            }
            if (answer(connection, line[0], line[1], user, Long.parseLong("0" + header(head, "Content-Length")))) {
                return;
            }
        }
    }

    /** @return whether the connection is over */
    private boolean answer(OriginConnection connection, String method, String target, String user, long length) throws Exception {
        switch (method) {
            case "RPC_IN_DATA" -> {
                BlockingQueue<byte[]> channel = channel(target);
                try {
                    while (connection.hasMore()) {
                        channel.add(connection.readAvailable());
                    }
                } finally {
                    channel.add(END);
                }
                return true;
            }
            case "RPC_OUT_DATA" -> {
                connection.read((int) length);
                connection.send("HTTP/1.1 200 Success\r\nContent-Type: application/rpc\r\nX-User: " + user + "\r\nContent-Length: 1073741824\r\n\r\n");
                relay(connection, target);
                return true;
            }
            case "POST" -> post(connection, target, user, connection.read((int) length));
            default -> {
                int size = target.contains("?s=") ? Integer.parseInt(target.substring(target.indexOf("?s=") + 3)) : 100;
                send(connection, user, body(user, size));
            }
        }
        return false;
    }

    private void relay(OriginConnection connection, String target) throws InterruptedException {
        BlockingQueue<byte[]> channel = channel(target);
        for (byte[] pdu = channel.poll(60, TimeUnit.SECONDS); pdu != null && pdu != END; pdu = channel.poll(60, TimeUnit.SECONDS)) {
            connection.send(pdu);
        }
        channels.remove(target);
    }

    private BlockingQueue<byte[]> channel(String target) {
        return channels.computeIfAbsent(target, t -> new LinkedBlockingQueue<>());
    }

    private static void post(OriginConnection connection, String target, String user, byte[] body) {
        if (target.startsWith("/mapi/")) {
            connection.send("HTTP/1.1 200 OK\r\nX-User: " + user + "\r\nTransfer-Encoding: chunked\r\n\r\nc\r\nPROCESSING\r\n\r\n");
            for (int i = 0; i < 2; i++) {
                pause();
                connection.send("9\r\nPENDING\r\n\r\n");
            }
            String text = "DONE\r\n" + new String(body, StandardCharsets.ISO_8859_1);
            connection.send(Integer.toHexString(text.length()) + "\r\n" + text + "\r\n0\r\n\r\n");
        } else if (target.startsWith("/Microsoft-Server-ActiveSync")) {
            pause();
            send(connection, user, ("ping of " + user).getBytes(StandardCharsets.ISO_8859_1));
        } else {
            send(connection, user, (user + " " + body.length + " " + sha256(body)).getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    /** What a server waits for in a long poll. */
    private static void pause() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(ThreadLocalRandom.current().nextInt(20, 300)));
    }

    private static void send(OriginConnection connection, String user, byte[] body) {
        connection.send("HTTP/1.1 200 OK\r\nX-User: " + user + "\r\nContent-Length: " + body.length + "\r\n\r\n").send(body);
    }

    private static String header(String head, String name) {
        return Arrays.stream(head.split("\r\n")).filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .map(line -> line.substring(name.length() + 1).strip()).findFirst().orElse("");
    }

    /** Bytes that say whose they are. */
    static byte[] body(String owner, int size) {
        byte[] pattern = (owner + ";").getBytes(StandardCharsets.ISO_8859_1);
        byte[] body = new byte[size];
        for (int i = 0; i < size; i++) {
            body[i] = pattern[i % pattern.length];
        }
        return body;
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
