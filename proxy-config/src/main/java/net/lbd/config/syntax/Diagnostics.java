package net.lbd.config.syntax;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Collects what is found while a configuration is read, and knows the text of the files so that each
 * diagnostic can show its line. Not thread-safe: one load uses one instance.
 */
public final class Diagnostics {

    private final Map<String, List<String>> files = new HashMap<>();
    private final Map<String, Integer> fileOrder = new HashMap<>();
    // One word can be looked at from two sides (a rule in a named defaults reaches many proxies): the
    // same sentence about the same place is told once.
    private final Map<String, Diagnostic> found = new LinkedHashMap<>();

    /** Makes the lines of a file known. Lines count from 1. */
    public void file(String name, List<String> lines) {
        files.put(name, lines);
        fileOrder.putIfAbsent(name, fileOrder.size());
    }

    public void error(Code code, Word at, String message) {
        add(Severity.ERROR, code, at.location(), at.length(), message, Optional.empty());
    }

    public void error(Code code, Word at, String message, String hint) {
        add(Severity.ERROR, code, at.location(), at.length(), message, Optional.of(hint));
    }

    public void warn(Code code, Word at, String message) {
        add(Severity.WARNING, code, at.location(), at.length(), message, Optional.empty());
    }

    public void warn(Code code, Word at, String message, String hint) {
        add(Severity.WARNING, code, at.location(), at.length(), message, Optional.of(hint));
    }

    public void notice(Code code, Word at, String message) {
        add(Severity.NOTICE, code, at.location(), at.length(), message, Optional.empty());
    }

    /** Adds one finding; a length of 0 puts the caret under one character. */
    public void add(
            Severity severity, Code code, SourceLocation location, int length, String message, Optional<String> hint) {
        String line = sourceLine(location);
        found.putIfAbsent(location + " " + code.id() + " " + message,
                new Diagnostic(severity, code.id(), location, length, line, Secrets.ofMessage(message, line), hint));
    }

    /** An empty collection that knows the same files. */
    public Diagnostics apart() {
        Diagnostics other = new Diagnostics();
        other.files.putAll(files);
        return other;
    }

    /** Takes over the errors of another collection, but for those of some codes. */
    public void addErrors(Diagnostics other, Set<Code> but) {
        Set<String> left = new HashSet<>();
        but.forEach(code -> left.add(code.id()));
        other.found.forEach((key, diagnostic) -> {
            if (diagnostic.severity() == Severity.ERROR && !left.contains(diagnostic.code())) {
                found.putIfAbsent(key, diagnostic);
            }
        });
    }

    /** The line of a place; empty if the place is in no known file. */
    public String sourceLine(SourceLocation location) {
        List<String> lines = files.get(location.file());
        return lines == null || location.line() > lines.size() ? "" : lines.get(location.line() - 1);
    }

    public boolean hasErrors() {
        return found.values().stream().anyMatch(d -> d.severity() == Severity.ERROR);
    }

    /** Everything found, by place: files in the order in which they were read, then lines and columns. */
    public List<Diagnostic> sorted() {
        List<Diagnostic> sorted = new ArrayList<>(found.values());
        // Not Comparator.comparing…: its lambdas can be serialized, which no archive of classes holds, and making them at run
        // time costs a check 10 ms.
        sorted.sort(this::compare);
        return List.copyOf(sorted);
    }

    private int compare(Diagnostic one, Diagnostic other) {
        int order = Integer.compare(fileOrder(one), fileOrder(other));
        if (order == 0) {
            order = Integer.compare(one.location().line(), other.location().line());
        }
        return order == 0 ? Integer.compare(one.location().column(), other.location().column()) : order;
    }

    private int fileOrder(Diagnostic diagnostic) {
        return fileOrder.getOrDefault(diagnostic.location().file(), -1);
    }
}
