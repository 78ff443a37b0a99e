package net.lbd.cli.admin;

import java.io.IOException;
import java.time.Duration;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import net.lbd.cli.admin.TopSampler.News;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;
import org.jline.utils.NonBlockingReader;

/**
 * The terminal of {@code lbctl top}: its second screen, its keys, its size. On every way out, be it {@code q}, ^C, a
 * signal or an error, it is as it was. Used by one thread, apart from {@link #restore}, which the JVM's
 * end may call, and the signal of a new size.
 */
final class TopScreen implements AutoCloseable {

    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");

    /** How long a key may keep the clock and a new size waiting. */
    private static final long TICK_MILLIS = 200;

    /** The rest of an arrow's sequence comes at once; Esc alone is followed by nothing. */
    private static final long ESCAPE_MILLIS = 50;

    private final org.jline.terminal.Terminal terminal;
    private final Attributes before;
    private final Display display;
    private final Thread atExit = new Thread(this::restore, "lbctl-terminal");
    private volatile boolean resized = true;
    private Size size = new Size();
    private boolean restored;

    private TopScreen() throws IOException {
        // By stty: jline's way through JNI gives the line a speed of 0, which hangs a serial console up.
        // No "dumb" one: it would print escapes of nobody's language.
        terminal = TerminalBuilder.builder().system(true).exec(true).jni(false).ffm(false).jansi(false).jna(false).dumb(false).build();
        before = terminal.getAttributes();
        display = new Display(terminal, true);
    }

    /** Shows it until a key ends it. */
    static int show(TopSampler sampler, Duration interval) throws IOException {
        TopView view = new TopView(Terminal.wantsColours());
        try (TopScreen screen = new TopScreen(); sampler) {
            screen.take();
            sampler.start();
            screen.run(view, sampler, interval);
        } catch (IllegalStateException e) {
            throw new IOException("this terminal (TERM=" + System.getenv().getOrDefault("TERM", "") + ") takes no screen: " + e.getMessage()
                    + "; use --once or --batch", e);
        }
        return ExitCode.OK;
    }

    private void take() {
        Runtime.getRuntime().addShutdownHook(atExit);
        terminal.enterRawMode();
        Attributes keys = new Attributes(terminal.getAttributes());
        // ^C and ^Z come as keys: the way out is one and the same, and no stopped process leaves the screen behind.
        keys.setLocalFlag(LocalFlag.ISIG, false);
        terminal.setAttributes(keys);
        terminal.puts(Capability.enter_ca_mode);
        terminal.puts(Capability.keypad_xmit);
        terminal.puts(Capability.cursor_invisible);
        terminal.flush();
    }

    private void run(TopView view, TopSampler sampler, Duration interval) throws IOException {
        NonBlockingReader reader = terminal.reader();
        String every = interval.toMillis() % 1000 == 0 ? interval.toSeconds() + " s" : interval.toMillis() + " ms";
        terminal.handle(Signal.WINCH, signal -> resized = true);
        boolean goesOn = true;
        while (goesOn) {
            sampler.failure();
            if (resized) {
                resized = false;
                size = terminal.getSize();
                display.resize(size.getRows(), size.getColumns());
                display.clear();
            }
            News news = sampler.news();
            List<AttributedString> lines = view.screen(news, size.getColumns(), size.getRows(), System.nanoTime(),
                    LocalTime.now().format(CLOCK), every);
            display.update(lines, -1);
            int c = reader.read(TICK_MILLIS);
            if (c == NonBlockingReader.EOF) {
                // The terminal is gone.
                return;
            }
            goesOn = c == NonBlockingReader.READ_EXPIRED || view.press(key(reader, c), news);
        }
    }

    /** The name of the key whose first character has come. */
    private static String key(NonBlockingReader reader, int first) throws IOException {
        return switch (first) {
            case 3 -> "interrupt";
            case 10, 13 -> "enter";
            case 8, 127 -> "backspace";
            case 27 -> escape(reader);
            default -> Character.toString(first);
        };
    }

    private static String escape(NonBlockingReader reader) throws IOException {
        int next = reader.peek(ESCAPE_MILLIS);
        if (next != '[' && next != 'O') {
            return "escape";
        }
        reader.read(ESCAPE_MILLIS);
        StringBuilder parameters = new StringBuilder();
        int c = reader.read(ESCAPE_MILLIS);
        while (c >= '0' && c <= '9' || c == ';') {
            parameters.append((char) c);
            c = reader.read(ESCAPE_MILLIS);
        }
        return switch (c) {
            case 'A' -> "up";
            case 'B' -> "down";
            case 'C' -> "right";
            case 'D' -> "left";
            case 'H' -> "home";
            case 'F' -> "end";
            case '~' -> switch (parameters.toString()) {
                case "1", "7" -> "home";
                case "4", "8" -> "end";
                case "5" -> "pageup";
                case "6" -> "pagedown";
                default -> "unknown";
            };
            default -> "unknown";
        };
    }

    /** Once; by the screen's thread, or by the JVM's end after a signal. */
    private synchronized void restore() {
        if (!restored) {
            restored = true;
            terminal.puts(Capability.cursor_normal);
            terminal.puts(Capability.keypad_local);
            terminal.puts(Capability.exit_ca_mode);
            terminal.setAttributes(before);
            terminal.flush();
        }
    }

    @Override
    public void close() throws IOException {
        restore();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // The JVM ends already, after a signal: the hook runs or has run, and does nothing twice.
            return;
        }
        terminal.close();
    }
}
