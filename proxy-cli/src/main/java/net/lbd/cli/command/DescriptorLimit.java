package net.lbd.cli.command;

import java.util.Optional;
import net.lbd.core.report.ProcessReport;

/** How many files the process may open. Pure functions but for the look at the process. */
public final class DescriptorLimit {

    private DescriptorLimit() { }

    /** The soft limit, a number or {@code unlimited}; empty where nobody can tell. */
    public static Optional<String> soft() {
        return ProcessReport.openFiles();
    }

    /** What to tell about {@code ulimit-n}; empty if the limit is as high as it asks for. */
    public static Optional<String> complaint(int wanted, Optional<String> soft) {
        return soft.filter(limit -> !limit.equals("unlimited") && Long.parseLong(limit) < wanted)
                .map(limit -> "'ulimit-n " + wanted + "': this process may open " + limit + " files only; raise"
                        + " LimitNOFILE in the unit of the service, or 'ulimit -n' before the start");
    }
}
