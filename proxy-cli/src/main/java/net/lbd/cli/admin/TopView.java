package net.lbd.cli.admin;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import net.lbd.cli.admin.TopFrame.Kind;
import net.lbd.cli.admin.TopFrame.Line;
import net.lbd.cli.admin.TopSampler.News;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/**
 * What the screen of {@code lbctl top} shows, and what its keys do; knows no terminal. Used by one thread.
 *
 * <p>From above: the process, what is wrong, the titles, the lines of frontends and backends, and the keys. What does
 * not fit into the height is reached with the arrows; columns that do not fit into the width are left out from the right.
 */
final class TopView {

    private static final AttributedStyle PLAIN = AttributedStyle.DEFAULT;
    private static final int HEADER_LINES = 3;
    private static final int STATE_WIDTH = 9;
    private static final int NAME_MAX = 40;

    /** Behind every list; drawing takes it back to the last page. */
    private static final int LAST = 1_000_000;

    /** The order of services, and of the servers in each. */
    enum Sort {
        CONFIGURATION("c", "configuration", null), NAME("n", "name", null), REQUESTS("r", "requests", TopColumn.REQUESTS),
        SESSIONS("s", "sessions", TopColumn.SESSIONS), POLLS("l", "long polls", TopColumn.POLLS), QUEUE("u", "queue", TopColumn.QUEUE),
        ERRORS("e", "5xx", TopColumn.ERRORS), RESPONSE("t", "response time", TopColumn.RESPONSE);

        private final String key;
        private final String words;
        private final TopColumn column;

        Sort(String key, String words, TopColumn column) {
            this.key = key;
            this.words = words;
            this.column = column;
        }

        /** The largest first; equal ones stay in the order of the configuration. */
        private Comparator<Line> comparator() {
            if (this == CONFIGURATION) {
                return (a, b) -> 0;
            }
            return this == NAME ? Comparator.comparing(Line::name) : Comparator.comparingDouble((Line line) -> -column.value(line).orElse(-1));
        }

        private Sort step(int by) {
            return values()[Math.floorMod(ordinal() + by, values().length)];
        }
    }

    private static final List<String> HELP = List.of(
            "  q  ^C        quit",
            "  p  space     pause: the screen stands still, the daemon does not",
            "  /            filter by a part of a name; Enter keeps it, Esc drops it",
            "  !            only what needs a look: not up, 5xx, or a queue",
            "  arrows       up, down, page up, page down, home, end: scroll",
            "  left right   the order before, the order after",
            "  c n r s      order: configuration, name, requests, sessions",
            "  l u e t      order: long polls, queue, 5xx, response time",
            "",
            "  REQ/S        requests per second; connections in mode tcp",
            "  SESS QUEUE   sessions now; requests that wait for a server",
            "  POLLS        requests open for 30 s or more, as Outlook's and phones'",
            "  RESP TOTAL   average ms of the last 1024 requests: until the response",
            "               began, and until it ended",
            "  WAIT CONN    the same, for the queue and for connecting (wide screens)",
            "",
            "  any key goes back");

    private final boolean colours;
    private Sort sort = Sort.CONFIGURATION;
    private String filter = "";
    private boolean typing;
    private boolean troubleOnly;
    private boolean help;
    private Optional<TopFrame> held = Optional.empty();
    private int offset;
    private int page = 1;

    TopView(boolean colours) {
        this.colours = colours;
    }

    // ---- keys

    /**
     * Does what a key says.
     *
     * @param key a character, or {@code up}, {@code down}, {@code left}, {@code right}, {@code pageup}, {@code pagedown},
     *     {@code home}, {@code end}, {@code enter}, {@code escape}, {@code backspace}, {@code interrupt}
     * @param news what {@code p} holds
     * @return false to quit
     */
    boolean press(String key, News news) {
        if (key.equals("interrupt")) {
            return false;
        }
        if (help) {
            help = false;
        } else if (typing) {
            type(key);
        } else if (key.equals("q")) {
            return false;
        } else {
            command(key, news);
        }
        return true;
    }

    private void type(String key) {
        switch (key) {
            case "enter" -> typing = false;
            case "escape" -> {
                typing = false;
                filter = "";
            }
            case "backspace" -> filter = filter.substring(0, Math.max(0, filter.length() - 1));
            default -> filter += key.length() == 1 && key.charAt(0) > ' ' ? key : "";
        }
        offset = 0;
    }

    private void command(String key, News news) {
        switch (key) {
            case "p", " " -> held = held.isPresent() ? Optional.empty() : news.frame();
            case "/" -> typing = true;
            case "escape" -> filter = "";
            case "!" -> troubleOnly = !troubleOnly;
            case "h", "?" -> help = true;
            case "up" -> offset--;
            case "down" -> offset++;
            case "pageup" -> offset -= page;
            case "pagedown" -> offset += page;
            case "home" -> offset = 0;
            case "end" -> offset = LAST;
            case "left" -> sort = sort.step(-1);
            case "right" -> sort = sort.step(1);
            default -> Arrays.stream(Sort.values()).filter(s -> s.key.equals(key)).findFirst().ifPresent(s -> sort = s);
        }
    }

    // ---- the screen

    /** The whole screen, at most {@code height} lines of at most {@code width} characters. */
    List<AttributedString> screen(News news, int width, int height, long nowNanos, String clock, String interval) {
        Optional<TopFrame> shown = held.or(news::frame);
        List<AttributedString> lines = new ArrayList<>();
        lines.add(ends(shown.map(TopView::summary).orElse("lbd"), clock, width, AttributedStyle.BOLD));
        lines.add(second(news, shown, width, nowNanos));
        if (help) {
            HELP.forEach(line -> lines.add(text(line, width, PLAIN)));
        } else {
            // Old figures of a daemon that is gone must not look like news.
            body(lines, shown, width, height, news.complaint().isPresent());
        }
        while (lines.size() < height - 1) {
            lines.add(AttributedString.EMPTY);
        }
        List<AttributedString> fitting = new ArrayList<>(lines.subList(0, Math.max(0, height - 1)));
        fitting.add(foot(width, interval));
        return fitting;
    }

    /** The process in one line. */
    static String summary(TopFrame frame) {
        Map<String, String> info = frame.status().info();
        return info.getOrDefault("Name", "?") + " " + info.getOrDefault("Version", "?") + ", up "
                + StatusCommand.duration(info.getOrDefault("Uptime_sec", "")) + ", " + count(info.getOrDefault("CurrConns", "?"), " connection") + ", "
                + known(frame.process().requests()) + " req/s, " + known(frame.process().errors()) + " 5xx/s";
    }

    private static String count(String number, String one) {
        return number + one + (number.equals("1") ? "" : "s");
    }

    private static String known(OptionalDouble rate) {
        return rate.isPresent() ? TopColumn.rate(rate.getAsDouble()) : "-";
    }

    /** What is wrong; else that all is well. */
    private AttributedString second(News news, Optional<TopFrame> shown, int width, long nowNanos) {
        if (news.complaint().isPresent()) {
            long seconds = (nowNanos - news.sinceNanos()) / 1_000_000_000L;
            return text("NO ANSWER for " + StatusCommand.duration(Long.toString(seconds)) + ", asking on: " + news.complaint().get(), width,
                    mood(Terminal.Mood.BAD).bold());
        }
        if (shown.isEmpty()) {
            return text("asking the daemon ...", width, PLAIN);
        }
        TopFrame frame = shown.get();
        List<Line> servers = frame.lines().stream().filter(line -> line.kind() == Kind.SERVER).toList();
        List<Line> down = servers.stream().filter(line -> Terminal.Mood.of(line.state()) == Terminal.Mood.BAD).toList();
        List<Line> away = servers.stream().filter(line -> isAway(line.state())).toList();
        AttributedStringBuilder text = new AttributedStringBuilder();
        frame.status().trialSeconds().ifPresent(left ->
                text.styled(mood(Terminal.Mood.WATCH), "configuration on trial for " + left + " s more;  "));
        if (frame.status().info().getOrDefault("Stopping", "0").equals("1")) {
            text.styled(mood(Terminal.Mood.WATCH), "lbd is stopping;  ");
        }
        String count = count(Integer.toString(servers.size()), " server");
        if (!down.isEmpty()) {
            text.styled(mood(Terminal.Mood.BAD).bold(), down.size() + " of " + count + " DOWN: " + names(down));
        }
        if (!away.isEmpty()) {
            text.append(down.isEmpty() ? "" : ";  ").styled(mood(Terminal.Mood.WATCH), away.size() + " drain or maint: " + names(away));
        }
        if (down.isEmpty() && away.isEmpty()) {
            text.append(count).append(", none down");
        }
        frame.process().polls().ifPresent(polls -> text.append(";  " + Math.round(polls) + (polls == 1 ? " long poll" : " long polls")));
        return text.length() <= width ? text.toAttributedString()
                : new AttributedStringBuilder().append(text.subSequence(0, Math.max(0, width - 1))).append("~").toAttributedString();
    }

    private static boolean isAway(String state) {
        return state.startsWith("MAINT") || state.startsWith("DRAIN") || state.startsWith("NOLB");
    }

    private static String names(List<Line> lines) {
        return lines.stream().map(line -> line.service() + "/" + line.name()).collect(Collectors.joining(", "));
    }

    private void body(List<AttributedString> lines, Optional<TopFrame> shown, int width, int height, boolean old) {
        List<Line> rows = shown.map(this::rows).orElse(List.of());
        int longest = rows.stream().mapToInt(line -> name(line).length()).max().orElse(0);
        int basic = Arrays.stream(TopColumn.values()).limit(TopColumn.TOTAL.ordinal() + 1L).mapToInt(c -> c.width() + 1).sum();
        int nameWidth = Math.max(8, Math.min(Math.max(16, Math.min(longest, NAME_MAX)), width - basic - STATE_WIDTH - 1));
        List<TopColumn> columns = fitting(width - nameWidth - STATE_WIDTH - 1);
        lines.add(titles(columns, nameWidth, width));
        page = Math.max(1, height - HEADER_LINES - 1);
        offset = Math.max(0, Math.min(offset, rows.size() - page));
        rows.stream().skip(offset).limit(page).forEach(line -> lines.add(row(line, columns, nameWidth, old)));
        if (rows.isEmpty() && shown.isPresent()) {
            lines.add(text(troubleOnly && filter.isEmpty() ? "  nothing needs a look; ! shows all" : "  nothing has '" + filter
                    + "' in its name" + (troubleOnly ? " and needs a look" : "") + "; Esc drops the filter", width, PLAIN));
        }
    }

    private static List<TopColumn> fitting(int width) {
        List<TopColumn> columns = new ArrayList<>();
        int left = width;
        for (TopColumn column : TopColumn.values()) {
            left -= column.width() + 1;
            if (left < 0) {
                break;
            }
            columns.add(column);
        }
        return columns;
    }

    private AttributedString titles(List<TopColumn> columns, int nameWidth, int width) {
        AttributedStringBuilder titles = new AttributedStringBuilder();
        AttributedStyle style = PLAIN.inverse();
        titles.styled(style, left("NAME", nameWidth) + " " + left("STATE", STATE_WIDTH));
        for (TopColumn column : columns) {
            titles.styled(sort.column == column ? style.bold().underline() : style, " " + right(column.title(), column.width()));
        }
        titles.styled(style, " ".repeat(Math.max(0, width - titles.length())));
        return titles.toAttributedString();
    }

    private AttributedString row(Line line, List<TopColumn> columns, int nameWidth, boolean old) {
        AttributedStringBuilder out = new AttributedStringBuilder();
        AttributedStyle name = old ? PLAIN.faint() : line.kind() == Kind.SERVER ? PLAIN : AttributedStyle.BOLD;
        out.styled(name, left(name(line), nameWidth)).append(" ");
        String state = line.state().replace("(via ", "via ");
        out.styled(old ? PLAIN.faint() : mood(Terminal.Mood.of(line.state())), left(state, STATE_WIDTH));
        for (TopColumn column : columns) {
            boolean bad = column == TopColumn.ERRORS && line.errors().orElse(0) > 0;
            boolean watch = column == TopColumn.QUEUE && column.value(line).orElse(0) > 0;
            AttributedStyle style = old ? PLAIN.faint() : bad ? mood(Terminal.Mood.BAD) : watch ? mood(Terminal.Mood.WATCH) : PLAIN;
            out.append(" ").styled(style, right(column.text(line), column.width()));
        }
        return out.toAttributedString();
    }

    private static String name(Line line) {
        return switch (line.kind()) {
            case FRONTEND -> "front " + line.name();
            case BACKEND -> "back  " + line.name();
            default -> "        " + line.name();
        };
    }

    private AttributedString foot(int width, String interval) {
        if (typing) {
            return text("filter: " + filter + "_   Enter keeps it, Esc drops it", width, AttributedStyle.BOLD);
        }
        String state = (held.isPresent() ? "PAUSED  " : "every " + interval + "  ") + "order: " + sort.words
                + (filter.isEmpty() ? "" : "  filter: " + filter) + (troubleOnly ? "  only trouble" : "");
        return ends("q quit  h help  / filter  p pause  ! trouble", state, width, held.isPresent() ? mood(Terminal.Mood.WATCH).bold() : PLAIN);
    }

    // ---- which lines, in which order

    private List<Line> rows(TopFrame frame) {
        List<Line> rows = new ArrayList<>();
        Comparator<Line> order = sort.comparator();
        frame.lines().stream().filter(line -> line.kind() == Kind.FRONTEND && isWanted(line)).sorted(order).forEach(rows::add);
        frame.lines().stream().filter(line -> line.kind() == Kind.BACKEND).sorted(order).forEach(backend -> {
            Predicate<Line> own = line -> line.kind() == Kind.SERVER && line.service().equals(backend.service());
            List<Line> servers = frame.lines().stream().filter(own).filter(this::isWanted).sorted(order).toList();
            if (!servers.isEmpty() || isWanted(backend)) {
                rows.add(backend);
                rows.addAll(servers);
            }
        });
        return rows;
    }

    /** A server is wanted by its own name, too, and by that of its backend. */
    private boolean isWanted(Line line) {
        String name = line.kind() == Kind.SERVER ? line.service() + "/" + line.name() : line.name();
        return name.toLowerCase(Locale.ROOT).contains(filter.toLowerCase(Locale.ROOT)) && (!troubleOnly || line.isTrouble());
    }

    // ---- text


    private AttributedStyle mood(Terminal.Mood mood) {
        if (!colours) {
            return PLAIN;
        }
        return switch (mood) {
            case GOOD -> PLAIN.foreground(AttributedStyle.GREEN);
            case WATCH -> PLAIN.foreground(AttributedStyle.YELLOW);
            case BAD -> PLAIN.foreground(AttributedStyle.RED);
            case PLAIN -> PLAIN;
        };
    }

    private static AttributedString text(String text, int width, AttributedStyle style) {
        return new AttributedString(cut(text, width), style);
    }

    /** One text to the left and one to the right; the left one gives way. */
    private static AttributedString ends(String left, String right, int width, AttributedStyle style) {
        int room = width - right.length() - 1;
        return room < 8 ? text(left, width, style) : new AttributedString(left(left, room) + " " + right, style);
    }

    private static String cut(String text, int width) {
        return text.length() <= width ? text : text.substring(0, Math.max(0, width - 1)) + "~";
    }

    private static String left(String text, int width) {
        String shown = cut(text, width);
        return shown + " ".repeat(Math.max(0, width - shown.length()));
    }

    private static String right(String text, int width) {
        String shown = cut(text, width);
        return " ".repeat(Math.max(0, width - shown.length())) + shown;
    }
}
