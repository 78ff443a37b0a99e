package net.lbd.cli.admin;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/**
 * {@code lbctl service}: the service by its usual five words and exit codes, whoever keeps it: systemd where it runs, nobody elsewhere (a
 * container, a chroot), where the daemon is started in the background. Source: LSB 5.0, "Init Script Actions".
 */
@Command(name = "service", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Starts, stops, restarts or reloads the service, or tells its state: by systemd where it runs, else by itself. A broken"
                + " configuration neither stops nor starts anything. For another version of the program, 'lbctl upgrade' loses nothing.",
        exitCodeListHeading = "%nExit codes (LSB):%n",
        exitCodeList = {"0:done; status: it runs", "1:failed; status: it is dead, and its pid file is there", "2:the command line is wrong",
            "3:status: it does not run", "4:this user may not; status: it cannot be told", "5:it is not installed", "6:its configuration is wrong",
            "7:reload: it does not run"})
final class ServiceCommand implements Callable<Integer> {

    private static final int DEAD = 1;
    private static final int NOT_RUNNING = 3;
    private static final int NO_RIGHT = 4;
    private static final int NOT_INSTALLED = 5;
    private static final int NOT_CONFIGURED = 6;
    private static final int NOTHING_TO_RELOAD = 7;

    private static final String USER = "lbd";
    private static final String UNIT = "lbd.service";
    private static final List<String> WORDS = List.of("start", "stop", "restart", "reload", "status");
    /** A JVM on a busy machine. */
    private static final Duration START = Duration.ofSeconds(60);
    /** The daemon gives itself ten seconds. */
    private static final Duration STOP = Duration.ofSeconds(15);
    private static final Duration RELOAD = Duration.ofMinutes(2);

    @ParentCommand
    private Lbctl lbctl;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "start|stop|restart|reload|status", description = "What to do.")
    private String word;

    @Option(names = {"-f", "--file"}, paramLabel = "FILE|DIR", description = "The configuration, where there is no systemd; default: LBD_CONFIG, else /etc/lbd/lbd.cfg.")
    private Path file;

    @Option(names = "--run-dir", paramLabel = "DIR", hidden = true, defaultValue = "/run", description = "For tests.")
    private Path run;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!WORDS.contains(word)) {
            throw new ParameterException(spec.commandLine(), "'" + word + "' is no word of a service; use " + String.join(", ", WORDS));
        }
        return Files.isDirectory(run.resolve("systemd/system")) ? systemd() : alone();
    }

    /** systemctl's own exit codes are those of LSB for these words, but for a reload of what does not run. */
    private int systemd() throws IOException, InterruptedException {
        if (word.equals("reload") && !ProcessRun.of(new ProcessBuilder("systemctl", "is-active", "--quiet", UNIT)).isGood()) {
            return say(UNIT + " is not active", NOTHING_TO_RELOAD);
        }
        Process systemctl = new ProcessBuilder("systemctl", "--no-pager", word, UNIT).redirectErrorStream(true).start();
        systemctl.getOutputStream().close();
        String said = new String(systemctl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = systemctl.waitFor();
        lbctl.terminal().out().print(said);
        lbctl.terminal().out().flush();
        return code;
    }

    // ---- without systemd

    private int alone() throws IOException, InterruptedException {
        Optional<Long> pid;
        try {
            pid = Optional.of(runningPid());
        } catch (DaemonClient.NotRunningException e) {
            Optional<ProcessHandle> silent = processOfPidFile();
            if (silent.isPresent()) {
                return withoutAnswer(silent.get());
            }
            pid = Optional.empty();
        } catch (IOException e) {
            lbctl.terminal().complain(e.getMessage());
            Optional<ProcessHandle> stuck = processOfPidFile();
            return word.equals("stop") && stuck.isPresent() ? end(stuck.get()) : NO_RIGHT;
        }
        return switch (word) {
            case "start" -> pid.isPresent() ? say("lbd runs already (pid " + pid.get() + ")", 0) : start();
            case "stop" -> pid.isEmpty() ? say("lbd does not run", 0) : stop(pid.get());
            case "restart" -> restart(pid);
            case "reload" -> pid.isEmpty() ? say("lbd does not run", NOTHING_TO_RELOAD) : reload();
            default -> status(pid);
        };
    }

    private long runningPid() throws IOException {
        String pid = DaemonStatus.parse(lbctl.ask("show info")).info().getOrDefault("Pid", "");
        if (!pid.matches("[0-9]{1,18}")) {
            throw new IOException("the daemon does not tell its pid");
        }
        return Long.parseLong(pid);
    }

    private int say(String text, int code) {
        lbctl.terminal().out().println(text);
        return code;
    }

    private int status(Optional<Long> pid) throws IOException {
        if (pid.isPresent()) {
            return say("lbd runs (pid " + pid.get() + ")", 0);
        }
        Path file = pidFile();
        return Files.exists(file) ? say("lbd is dead, and its pid file " + file + " (" + Files.readString(file).strip() + ") is there", DEAD)
                : say("lbd does not run", NOT_RUNNING);
    }

    private Path pidFile() {
        return run.resolve("lbd").resolve("lbd.pid");
    }

    /** The process whose id the pid file holds, if it lives and is lbd. */
    private Optional<ProcessHandle> processOfPidFile() throws IOException {
        if (!Files.exists(pidFile())) {
            return Optional.empty();
        }
        String pid = Files.readString(pidFile()).strip();
        return pid.matches("[0-9]{1,18}") ? ProcessHandle.of(Long.parseLong(pid)).filter(p -> isLbd(p.pid())) : Optional.empty();
    }

    /** A pid that was given to another program since is not ours to end. */
    private static boolean isLbd(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cmdline"), StandardCharsets.ISO_8859_1).contains("net.lbd.cli.process.Main");
        } catch (IOException gone) {
            return false;
        }
    }

    /** It lives, and nobody answers on its control socket. */
    private int withoutAnswer(ProcessHandle process) throws IOException, InterruptedException {
        String sentence = "lbd runs (pid " + process.pid() + "), but does not answer on its control socket";
        switch (word) {
            case "status" -> {
                return say(sentence, 0);
            }
            case "stop" -> {
                return end(process);
            }
            case "restart" -> {
                Optional<Path> program = program();
                if (program.isPresent() && !isConfigured(program.get())) {
                    return NOT_CONFIGURED;
                }
                int ended = end(process);
                return ended == 0 ? start() : ended;
            }
            default -> {
                lbctl.terminal().complain(sentence + "; 'lbctl service restart' starts it anew");
                return DEAD;
            }
        }
    }

    /** One that does not answer is told by a signal. */
    private int end(ProcessHandle process) throws InterruptedException {
        process.destroy();
        if (!StopCommand.awaitEnd(Long.toString(process.pid()), STOP)) {
            lbctl.terminal().complain("lbd (pid " + process.pid() + ") has not ended " + STOP.toSeconds() + " s after SIGTERM; 'kill -9 " + process.pid() + "' ends it");
            return DEAD;
        }
        return say("lbd (pid " + process.pid() + ") has stopped, by SIGTERM", 0);
    }

    private Path configuration() {
        String named = System.getenv("LBD_CONFIG");
        return file != null ? file : Path.of(named == null || named.isBlank() ? "/etc/lbd/lbd.cfg" : named);
    }

    private Optional<Path> program() {
        String program = System.getenv("LBD_PROGRAM");
        return program == null || program.isBlank() || !Files.isExecutable(Path.of(program)) ? Optional.empty() : Optional.of(Path.of(program));
    }

    /** The start script is that of both programs: the variable by which it knows this one is not for the other. */
    private static ProcessBuilder lbd(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().remove("LBD_COMMAND");
        return builder;
    }

    /** The verdict of a check, told if it is bad. */
    private boolean isConfigured(Path program) throws IOException {
        ProcessRun check = ProcessRun.of(lbd(List.of(program.toString(), "-c", "-q", "-f", configuration().toString())));
        if (!check.isGood()) {
            // Once more, with its words.
            lbctl.terminal().err().print(ProcessRun.of(lbd(List.of(program.toString(), "-c", "-f", configuration().toString()))).said());
            lbctl.terminal().complain("the configuration " + configuration() + " is refused; nothing was changed");
        }
        return check.isGood();
    }

    private int start() throws IOException, InterruptedException {
        Optional<Path> program = program();
        if (program.isEmpty()) {
            lbctl.terminal().complain("the start script 'lbd' is not found beside lbctl");
            return NOT_INSTALLED;
        }
        if (!Files.exists(configuration())) {
            lbctl.terminal().complain("there is no configuration " + configuration() + "; -f names another");
            return NOT_CONFIGURED;
        }
        if (!isConfigured(program.get())) {
            return NOT_CONFIGURED;
        }
        Path folder = Files.createDirectories(pidFile().getParent());
        Optional<String> user = serviceUser();
        if (user.isPresent()) {
            ProcessRun owned = ProcessRun.of(new ProcessBuilder("chown", user.get() + ":" + user.get(), folder.toString()));
            if (!owned.isGood()) {
                lbctl.terminal().complain("the folder " + folder + " cannot be given to user " + user.get() + ": " + owned.complaint());
                return NO_RIGHT;
            }
        }
        // One that a killed daemon has left would tell of readiness.
        Files.deleteIfExists(pidFile());
        Path output = folder.resolve("lbd.out");
        Process daemon = lbd(command(program.get(), user)).directory(Path.of("/").toFile())
                .redirectInput(Path.of("/dev/null").toFile()).redirectErrorStream(true).redirectOutput(output.toFile()).start();
        long end = System.nanoTime() + START.toNanos();
        while (System.nanoTime() < end) {
            if (daemon.waitFor(100, TimeUnit.MILLISECONDS)) {
                lbctl.terminal().err().print(Files.readString(output));
                lbctl.terminal().complain("lbd has ended with code " + daemon.exitValue() + "; what it said stands above and in " + output);
                return DEAD;
            }
            if (processOfPidFile().isPresent()) {
                return say("lbd runs (pid " + Files.readString(pidFile()).strip() + "); what it says goes to " + output, 0);
            }
        }
        lbctl.terminal().complain("lbd does not serve after " + START.toSeconds() + " s; what it says stands in " + output);
        return DEAD;
    }

    /** Whom root starts the daemon as: the user that the package makes, so that it has no more rights than under systemd. */
    private static Optional<String> serviceUser() throws IOException {
        boolean root = Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        return root && Files.isExecutable(Path.of("/usr/bin/setpriv")) && ProcessRun.of(new ProcessBuilder("getent", "passwd", USER)).isGood()
                ? Optional.of(USER) : Optional.empty();
    }

    /** In a session of its own, which the end of this terminal does not reach; it writes its pid when it is ready. */
    private List<String> command(Path program, Optional<String> user) {
        List<String> command = new ArrayList<>();
        user.ifPresent(name -> command.addAll(List.of("/usr/bin/setpriv", "--reuid=" + name, "--regid=" + name, "--init-groups",
                "--inh-caps=+net_bind_service", "--ambient-caps=+net_bind_service", "--")));
        if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
            command.add("/usr/bin/setsid");
        }
        command.addAll(List.of(program.toString(), "-p", pidFile().toString(), "-f", configuration().toAbsolutePath().toString()));
        return command;
    }

    private int stop(long pid) throws IOException, InterruptedException {
        String refusal = lbctl.ask("stop").strip();
        if (!refusal.isEmpty()) {
            lbctl.terminal().complain(refusal);
            return refusal.startsWith("Permission denied") ? NO_RIGHT : DEAD;
        }
        if (!StopCommand.awaitEnd(Long.toString(pid), STOP)) {
            lbctl.terminal().complain("lbd (pid " + pid + ") has not ended after " + STOP.toSeconds() + " s");
            return DEAD;
        }
        return say("lbd (pid " + pid + ") has stopped", 0);
    }

    /** What could not start again is not stopped. */
    private int restart(Optional<Long> pid) throws IOException, InterruptedException {
        Optional<Path> program = program();
        if (pid.isPresent() && program.isPresent() && !isConfigured(program.get())) {
            return NOT_CONFIGURED;
        }
        int stopped = pid.isPresent() ? stop(pid.get()) : 0;
        return stopped == 0 ? start() : stopped;
    }

    private int reload() throws IOException {
        String answer = lbctl.ask("reload", RELOAD).stripTrailing();
        lbctl.terminal().out().println(answer.replaceFirst("\\n?Success=[01]$", ""));
        return answer.endsWith("Success=1") ? 0 : DEAD;
    }
}
