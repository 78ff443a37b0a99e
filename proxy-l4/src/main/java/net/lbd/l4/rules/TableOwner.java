package net.lbd.l4.rules;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whose a table is: a counter in it bears the number of the process, so that none takes away what another lives by. Stateless. */
public final class TableOwner {

    private static final Pattern COUNTER = Pattern.compile("counter pid_(\\d+) ");

    private TableOwner() { }

    /** The name of this process's counter. */
    public static String counter() {
        return "pid_" + ProcessHandle.current().pid();
    }

    /** Another process that lives and has one of the listed tables. */
    public static OptionalLong otherIn(String listedCounters) {
        Matcher matcher = COUNTER.matcher(listedCounters);
        while (matcher.find()) {
            long pid = Long.parseLong(matcher.group(1));
            if (pid != ProcessHandle.current().pid() && ProcessHandle.of(pid).isPresent()) {
                return OptionalLong.of(pid);
            }
        }
        return OptionalLong.empty();
    }
}
