package net.lbd.cli.admin;

/** The exit codes of {@code lbctl}. */
final class ExitCode {

    static final int OK = 0;
    static final int ERROR = 1;
    static final int USAGE = 2;
    static final int NOT_RUNNING = 3;

    private ExitCode() { }
}
