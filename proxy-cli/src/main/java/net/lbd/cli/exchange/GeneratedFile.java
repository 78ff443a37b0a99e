package net.lbd.cli.exchange;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A configuration file of which one part is written from a form and the other by hand. The hand's part stands between two marks and is
 * kept; a checksum tells whether somebody changed the rest.
 */
public final class GeneratedFile {

    private static final String BEGIN = "# ---- by hand: what stands from here to the next such line is kept ----";
    private static final String END = "# ---- end of what is written by hand ----";
    private static final Pattern CHECKSUM = Pattern.compile("(?m)^# checksum ([0-9a-f]{64})$");
    private static final String PLACEHOLDER = "# checksum " + "0".repeat(64);

    /** Of two files of 2,000 lines that have nothing in common. */
    private static final int MOST_COMPARED = 4_000_000;

    private GeneratedFile() { }

    /** A file that cannot be written over without loss; the message says why and what to do. */
    public static final class ChangedByHand extends Exception {
        private static final long serialVersionUID = 1L;

        ChangedByHand(String message) {
            super(message);
        }
    }

    /**
     * The new text of a file.
     *
     * @param form      the name of the form's file, for the head
     * @param generated the sections
     * @param existing  what the file holds now; empty if there is none
     * @throws ChangedByHand if {@code existing} is not of this kind, or was changed outside of the hand's part
     */
    public static String write(String form, String generated, String existing) throws ChangedByHand {
        String byHand = existing.isEmpty() ? "\n" : byHand(existing);
        String text = "# Written by 'lbctl exchange generate' from " + form + ". Change that form, not this file, and generate again.\n"
                + "# What is to be added by hand goes between the two marked lines at the end.\n" + PLACEHOLDER + "\n\n" + generated + "\n" + BEGIN
                + byHand + END + "\n";
        return text.replace(PLACEHOLDER, "# checksum " + checksum(text));
    }

    private static String byHand(String existing) throws ChangedByHand {
        Matcher checksum = CHECKSUM.matcher(existing);
        if (!checksum.find()) {
            throw new ChangedByHand("the file was not written by 'lbctl exchange generate'; give another one with -o, or write over it with --force");
        }
        int begin = existing.indexOf(BEGIN);
        int end = existing.lastIndexOf(END);
        if (begin < 0 || end < begin) {
            throw new ChangedByHand("the two lines that mark what is written by hand are not both there; --force writes a new file without that part");
        }
        if (!checksum(existing.replace(checksum.group(), PLACEHOLDER)).equals(checksum.group(1))) {
            throw new ChangedByHand("somebody changed it outside of the lines that mark what is written by hand; move the change between them,"
                    + " or into the form, or lose it with --force");
        }
        return existing.substring(begin + BEGIN.length(), end);
    }

    /** Of the text without the hand's part. */
    private static String checksum(String text) {
        int begin = text.indexOf(BEGIN);
        int end = text.lastIndexOf(END);
        String generated = text.substring(0, begin + BEGIN.length()) + text.substring(end);
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(generated.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /**
     * The lines that differ, each with {@code -} or {@code +}; those that stay are left out. Between the first and the last line that
     * differ no more than {@link #MOST_COMPARED} pairs are looked at: of longer stretches every line is told.
     */
    public static List<String> difference(String before, String after) {
        List<String> old = before.lines().toList();
        List<String> now = after.lines().toList();
        int same = 0;
        while (same < Math.min(old.size(), now.size()) && old.get(same).equals(now.get(same))) {
            same++;
        }
        int end = 0;
        while (end < Math.min(old.size(), now.size()) - same && old.get(old.size() - 1 - end).equals(now.get(now.size() - 1 - end))) {
            end++;
        }
        old = old.subList(same, old.size() - end);
        now = now.subList(same, now.size() - end);
        List<String> lines = new ArrayList<>();
        if ((long) old.size() * now.size() > MOST_COMPARED) {
            old.forEach(line -> lines.add("- " + line));
            now.forEach(line -> lines.add("+ " + line));
            return lines;
        }
        int[][] common = new int[old.size() + 1][now.size() + 1];
        for (int i = old.size() - 1; i >= 0; i--) {
            for (int j = now.size() - 1; j >= 0; j--) {
                common[i][j] = old.get(i).equals(now.get(j)) ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        int i = 0;
        int j = 0;
        while (i < old.size() || j < now.size()) {
            if (i < old.size() && j < now.size() && old.get(i).equals(now.get(j))) {
                i++;
                j++;
            } else if (j == now.size() || i < old.size() && common[i + 1][j] >= common[i][j + 1]) {
                lines.add("- " + old.get(i++));
            } else {
                lines.add("+ " + now.get(j++));
            }
        }
        return lines;
    }
}
