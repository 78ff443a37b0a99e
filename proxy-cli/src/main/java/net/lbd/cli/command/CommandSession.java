package net.lbd.cli.command;

import java.time.Duration;
import java.util.Objects;
import net.lbd.config.model.ControlSockets.Level;

/** What lasts from one command of a client to the next. Confined to the client's thread. */
public final class CommandSession {

    private Level level;
    private Duration slowness;
    private boolean interactive;
    private boolean over;
    private boolean experimental;
    private boolean expert;
    private Severities severities = Severities.NONE;

    /** Whether refusals tell how severe they are, as HAProxy's do. */
    enum Severities { NONE, NUMBER, STRING }

    /** @param slowness how long the client may take for its next line, and for each piece of an answer */
    public CommandSession(Level level, Duration slowness) {
        this.level = Objects.requireNonNull(level, "level");
        this.slowness = Objects.requireNonNull(slowness, "slowness");
    }

    public Level level() {
        return level;
    }

    /** Takes rights away; gives none. */
    void lower(Level to) {
        if (to.compareTo(level) < 0) {
            level = to;
        }
    }

    Duration slowness() {
        return slowness;
    }

    void setSlowness(Duration time) {
        slowness = time;
    }

    /** Whether line follows line, each answer behind a prompt. */
    boolean isInteractive() {
        return interactive;
    }

    void togglePrompt() {
        interactive = !interactive;
    }

    /** The client wants no more. */
    boolean isOver() {
        return over;
    }

    void end() {
        over = true;
    }

    /** Whether commands are allowed that may change. */
    boolean isExperimental() {
        return experimental;
    }

    void setExperimental(boolean on) {
        experimental = on;
    }

    boolean isExpert() {
        return expert;
    }

    void setExpert(boolean on) {
        expert = on;
    }

    void setSeverities(Severities wanted) {
        severities = wanted;
    }

    /** What stands before a refusal (3: err), and before advice (6: info). */
    String severity(boolean refusal) {
        return switch (severities) {
            case NONE -> "";
            case NUMBER -> refusal ? "[3]: " : "[6]: ";
            case STRING -> refusal ? "[err]: " : "[info]: ";
        };
    }
}
