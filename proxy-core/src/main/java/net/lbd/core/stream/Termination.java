package net.lbd.core.stream;

/**
 * Who ended a stream and in which state: the first two characters of the termination state in the log,
 * and the two about cookies. The first cause that is set stays: what follows from it must not hide it.
 * Event-loop confined. Source: HAProxy manual, section "Session state at disconnection".
 */
public final class Termination {

    private char cause = '-';
    private char stage = '-';
    private char clientCookie = '-';
    private char serverCookie = '-';

    /** The first event that ended the stream. */
    public enum Cause {
        CLIENT_ABORT('C'), SERVER_ABORT('S'), DENIED('P'), LOCAL('L'), RESOURCE('R'), INTERNAL('I'),
        SERVER_DOWN('D'), SHUTDOWN_ON_BACKUP_UP('U'), KILLED('K'), CLIENT_TIMEOUT('c'), SERVER_TIMEOUT('s');

        private final char code;

        Cause(char code) {
            this.code = code;
        }
    }

    /** What was being waited for. */
    public enum Stage {
        /** Waiting for a complete request. */
        REQUEST('R'),
        QUEUE('Q'), CONNECT('C'),
        /** Waiting for the response head. */
        HEADERS('H'),
        DATA('D'),
        /** Sending the last data to the client while the server had finished. */
        LAST('L'),
        TARPIT('T');

        private final char code;

        Stage(char code) {
            this.code = code;
        }
    }

    /** Records the end, unless one is recorded already. */
    public void set(Cause newCause, Stage newStage) {
        if (cause == '-') {
            cause = newCause.code;
            stage = newStage.code;
        }
    }

    /** Records a cause outside any stage, as local replies have it ({@code LR} apart). */
    public void set(Cause newCause) {
        if (cause == '-') {
            cause = newCause.code;
        }
    }

    public boolean isSet() {
        return cause != '-';
    }

    public void setCookies(char client, char server) {
        clientCookie = client;
        serverCookie = server;
    }

    public char cause() {
        return cause;
    }

    public char stage() {
        return stage;
    }

    public char clientCookie() {
        return clientCookie;
    }

    public char serverCookie() {
        return serverCookie;
    }

    public void reset() {
        cause = '-';
        stage = '-';
        clientCookie = '-';
        serverCookie = '-';
    }

    @Override
    public String toString() {
        return "" + cause + stage + clientCookie + serverCookie;
    }
}
