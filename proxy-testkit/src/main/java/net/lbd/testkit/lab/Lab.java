package net.lbd.testkit.lab;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Machines (network namespaces) on switches (bridges). Everything bears a name with the process's id in it, and goes away with
 * {@link #close}, also after a failed test. Thread-safe.
 */
public final class Lab implements AutoCloseable {

    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final long PATIENCE_SECONDS = 60;

    private final String prefix = "lbd" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet() + "-";
    private final List<String> namespaces = new ArrayList<>();
    private final List<LabProcess> processes = new ArrayList<>();
    private final Path script;

    /** Why no laboratory can be built here, in one line; empty: one can. */
    public static Optional<String> missing() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return Optional.of("laboratory tests are left out: they need root");
        }
        for (String tool : List.of("ip", "nft", "python3", "sysctl")) {
            if (List.of("/usr/sbin/", "/sbin/", "/usr/bin/", "/bin/").stream().noneMatch(dir -> Files.isExecutable(Path.of(dir + tool)))) {
                return Optional.of("laboratory tests are left out: '" + tool + "' is not there");
            }
        }
        String probe = "lbd" + ProcessHandle.current().pid() + "-probe";
        try {
            // A container may call itself root, and be let do neither.
            new Finished("ip", "netns", "add", probe).orThrow();
            new Finished("ip", "netns", "exec", probe, "nft", "list", "ruleset").orThrow();
            new Finished("ip", "netns", "del", probe).orThrow();
            return Optional.empty();
        } catch (UncheckedIOException | IllegalStateException e) {
            return Optional.of("laboratory tests are left out: no network namespace can be made here");
        }
    }

    public Lab() throws IOException {
        removeLeftovers();
        script = Files.createTempFile("lbd-lab", ".py");
        try (InputStream in = Objects.requireNonNull(Lab.class.getResourceAsStream("lab.py"))) {
            Files.write(script, in.readAllBytes());
        }
    }

    /** Machines of test processes that were killed. */
    private static void removeLeftovers() {
        for (String line : new Finished("ip", "netns", "list").orThrow().lines().toList()) {
            Matcher left = Pattern.compile("(lbd(\\d+)-[\\w-]+).*").matcher(line);
            if (left.matches() && ProcessHandle.of(Long.parseLong(left.group(2))).isEmpty()) {
                new Finished("ip", "netns", "del", left.group(1)).orThrow();
            }
        }
    }

    /** The full name of a machine. */
    public String name(String machine) {
        return prefix + machine;
    }

    /** A machine with nothing but its loopback. */
    public Lab machine(String machine) {
        String full = name(machine);
        namespaces.add(full);
        sh("ip netns add " + full + "; ip -n " + full + " link set lo up; "
                + "ip netns exec " + full + " sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0");
        return this;
    }

    /** A switch: a machine with a bridge. */
    public Lab network(String network) {
        machine(network);
        sh("ip -n " + name(network) + " link add name sw type bridge; ip -n " + name(network) + " link set sw up");
        return this;
    }

    /** A cable from a machine's new interface to a switch; addresses with their prefix length. */
    public Lab cable(String machine, String device, String network, String... addresses) {
        String m = name(machine);
        String n = name(network);
        StringBuilder commands = new StringBuilder("ip -n " + m + " link add " + device + " type veth peer name " + machine + "." + device
                + " netns " + n + "; ip -n " + n + " link set " + machine + "." + device + " master sw up; ");
        for (String address : addresses) {
            commands.append("ip -n ").append(m).append(" addr add ").append(address).append(" dev ").append(device)
                    .append(address.contains(":") ? " nodad; " : "; ");
        }
        sh(commands + "ip -n " + m + " link set " + device + " up");
        return this;
    }

    /** Runs shell commands on this host; any that fails ends the test. */
    public void sh(String commands) {
        new Finished("sh", "-ec", commands).orThrow();
    }

    /** Runs shell commands on a machine, and returns what they print. */
    public String on(String machine, String commands) {
        return new Finished("ip", "netns", "exec", name(machine), "sh", "-ec", commands).orThrow();
    }

    /** How a command is started on a machine. */
    public List<String> command(String machine, String... command) {
        List<String> whole = new ArrayList<>(List.of("ip", "netns", "exec", name(machine)));
        whole.addAll(List.of(command));
        return whole;
    }

    /** Starts a process on a machine; {@link #close} ends it. */
    public LabProcess start(String machine, String... command) {
        LabProcess process = new LabProcess(command(machine, command));
        synchronized (processes) {
            processes.add(process);
        }
        return process;
    }

    /** A server that answers each connection with its machine's name and the peer's address; returns when it listens. */
    public LabProcess serve(String machine, int... ports) {
        List<String> words = new ArrayList<>(List.of("python3", script.toString(), "serve", machine));
        for (int port : ports) {
            words.add(Integer.toString(port));
        }
        LabProcess server = start(machine, words.toArray(String[]::new));
        server.await("serving");
        return server;
    }

    /** What {@code count} connections of a machine are answered with, one after the other; errors begin with {@code error}. */
    public List<String> ask(String machine, String host, int port, int count) {
        return on(machine, "python3 " + script + " ask " + host + " " + port + " " + count).lines().toList();
    }

    /** Connections that stay; returns when all are there. See {@link LabProcess#line} for how they are tried. */
    public LabProcess hold(String machine, String host, int port, int count) {
        LabProcess client = start(machine, "python3", script.toString(), "hold", host, Integer.toString(port), Integer.toString(count));
        client.await("held");
        return client;
    }

    /** Connections one after the other in several threads, until {@link LabProcess#finish}. */
    public LabProcess storm(String machine, String host, int port, int threads) {
        LabProcess client = start(machine, "python3", script.toString(), "storm", host, Integer.toString(port), Integer.toString(threads));
        client.await("storming");
        return client;
    }

    /** Connections one after the other all the time; see {@link LabProcess#line} for the longest time without an answer. */
    public LabProcess watch(String machine, String host, int port) {
        LabProcess client = start(machine, "python3", script.toString(), "watch", host, Integer.toString(port));
        client.await("watching");
        return client;
    }

    @Override
    public void close() {
        synchronized (processes) {
            processes.forEach(LabProcess::close);
        }
        for (String namespace : namespaces) {
            try {
                new Finished("ip", "netns", "del", namespace).orThrow();
            } catch (UncheckedIOException | IllegalStateException e) {
                System.err.println("namespace " + namespace + " stays: " + e.getMessage());
            }
        }
        try {
            Files.deleteIfExists(script);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A command that has ended. */
    private static final class Finished {
        private final String[] command;
        private final String output;
        private final int code;

        Finished(String... command) {
            this.command = command;
            try {
                Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
                process.getOutputStream().close();
                output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new IllegalStateException("'" + String.join(" ", command) + "' does not end");
                }
                code = process.exitValue();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }

        String orThrow() {
            if (code != 0) {
                throw new IllegalStateException("'" + String.join(" ", command) + "' ended with " + code + ": " + output);
            }
            return output;
        }
    }
}
