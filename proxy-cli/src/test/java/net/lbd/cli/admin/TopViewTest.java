package net.lbd.cli.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import net.lbd.cli.admin.TopFrame.Line;
import net.lbd.cli.admin.TopSampler.News;
import org.jline.utils.AttributedString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rates between two samples, and the screen that shows them. */
class TopViewTest {

    private static final long SECOND = 1_000_000_000L;
    private static final String HEAD = "# pxname,svname,type,mode,status,scur,stot,req_tot,hrsp_5xx,bin,bout,qcur,rtime,ttime,qtime,ctime,weight,lastchg,\n";

    private final TopView view = new TopView(false);

    private static TopSample sample(long seconds, String... rows) {
        return new TopSample(seconds * SECOND, DaemonStatus.parse("Name: lbd\nVersion: 1.0\nPid: 7\nUptime_sec: 65\nCurrConns: 3\n\n" + HEAD + String.join("\n", rows) + "\n"),
                Optional.of(Map.of("server owa/ex1", 2, "backend owa", 2, "frontend web", 2)));
    }

    private static TopSample first() {
        return sample(10, "web,FRONTEND,0,http,OPEN,3,10,100,5,1000,9000,,,,,,,", "owa,BACKEND,1,http,UP 1/2,3,100,100,5,1000,9000,0,12,20,0,1,2,",
                "owa,ex1,2,http,UP,1,60,60,5,0,0,0,12,20,0,1,1,30", "owa,ex2,2,http,DOWN,0,0,0,0,0,0,0,0,0,0,0,1,30",
                "mail,FRONTEND,0,tcp,OPEN,0,40,,,0,0,,,,,,,", "mail,BACKEND,1,tcp,UP,0,40,,,0,0,0,0,0,0,0,1,", "mail,ex1,2,tcp,MAINT,0,40,,,0,0,0,0,15000,0,0,1,90000");
    }

    private static TopSample second() {
        return sample(12, "web,FRONTEND,0,http,OPEN,3,10,400,9,5000,9000,,,,,,,", "owa,BACKEND,1,http,UP 1/2,3,400,400,9,1000,9000,4,12,20,0,1,2,",
                "owa,ex1,2,http,UP,1,360,360,9,0,0,0,12,20,0,1,1,30", "owa,ex2,2,http,DOWN,0,0,0,0,0,0,0,0,0,0,0,1,30",
                "mail,FRONTEND,0,tcp,OPEN,0,50,,,0,0,,,,,,,", "mail,BACKEND,1,tcp,UP,0,39,,,0,0,0,0,0,0,0,1,", "mail,ex1,2,tcp,MAINT,0,50,,,0,0,0,0,15000,0,0,1,90000");
    }

    private static TopFrame frame() {
        return TopFrame.between(Optional.of(first()), second());
    }

    private static News news(Optional<String> complaint) {
        return new News(1, Optional.of(frame()), complaint, 5 * SECOND);
    }

    private List<String> screen(int width, int height) {
        return view.screen(news(Optional.empty()), width, height, 65 * SECOND, "12:00:00", "2 s").stream().map(AttributedString::toString).toList();
    }

    private String names(int width, int height) {
        return screen(width, height).stream().skip(3).limit(Math.max(0, height - 4)).map(line -> line.length() < 14 ? "" : line.substring(0, 14).strip())
                .filter(name -> !name.isEmpty()).map(name -> name.replaceAll(" +", " ")).collect(Collectors.joining(", "));
    }

    private void press(String... keys) {
        for (String key : keys) {
            assertThat(view.press(key, news(Optional.empty()))).isTrue();
        }
    }

    @Test
    void ratesAreOfTheTimeBetweenTwoSamples() {
        List<Line> lines = frame().lines();
        assertThat(lines.get(0).requests()).hasValue(150);
        assertThat(lines.get(0).errors()).hasValue(2);
        assertThat(lines.get(0).bytesIn()).hasValue(2000);
        assertThat(lines.get(1).requests()).as("connections of mode tcp").hasValue(5);
        assertThat(lines.stream().filter(line -> line.state().equals("MAINT")).findFirst().orElseThrow().requests()).hasValue(5);
        assertThat(frame().process().requests()).hasValue(155);
    }

    @Test
    void thereAreNoRatesWithoutASampleBeforeAndWhereACounterWentBack() {
        assertThat(TopFrame.between(Optional.empty(), first()).lines()).allMatch(line -> line.requests().isEmpty());
        Line mail = frame().lines().stream().filter(line -> line.name().equals("mail") && line.kind() == TopFrame.Kind.BACKEND).findFirst().orElseThrow();
        assertThat(mail.requests()).isEmpty();
        assertThat(TopColumn.REQUESTS.text(mail)).isEqualTo("-");
    }

    @Test
    void longPollsAreRequestsThatAreOpenForHalfAMinute() throws IOException {
        String session = """
                0x%d: proto=tcp source=1.2.3.4:5 destination=x
                  frontend=web bind=1 tls=no http=1
                  backend=owa server=%s state=server
                  age=1s age_ms=1000 open_ms=%d requests=1 in=0 out=0
                """;
        List<SessionList.Session> sessions = SessionList.parse(session.formatted(1, "ex1", 30_000) + session.formatted(2, "ex2", 29_999)
                + session.formatted(3, "<none>", 40_000) + session.formatted(4, "ex2", -1));
        assertThat(TopSample.polls(sessions)).isEqualTo(Map.of("frontend web", 2, "backend owa", 2, "server owa/ex1", 1));
    }

    @Test
    void aTerminalOf80ColumnsHasWhatMatters() {
        assertThat(screen(80, 24)).hasSize(24).allMatch(line -> line.length() <= 80).startsWith(
                "lbd 1.0, up 1m5s, 3 connections, 155 req/s, 2.0 5xx/s                   12:00:00",
                "1 of 3 servers DOWN: owa/ex2;  1 drain or maint: mail/ex1;  2 long polls",
                "NAME             STATE       REQ/S   SESS  POLLS QUEUE  5XX/S   RESP  TOTAL     ",
                "front web        OPEN          150      3      2     -    2.0      -      -",
                "front mail       OPEN          5.0      0      0     -      -      -      -",
                "back  owa        UP 1/2        150      3      2     4    2.0   12ms   20ms",
                "        ex1      UP            150      1      2     0    2.0   12ms   20ms",
                "        ex2      DOWN            0      0      0     0      0      -      -",
                "back  mail       UP              -      0      0     0      -    0ms    0ms",
                "        ex1      MAINT         5.0      0      0     0      -    0ms    15s");
    }

    @ParameterizedTest
    @CsvSource({"20, 5", "40, 10", "80, 24", "140, 40", "300, 100", "1, 1", "10, 2", "0, 0"})
    void fitsIntoEveryTerminal(int width, int height) {
        for (String state : List.of("c", "/", "escape", "h", "c")) {
            press(state);
            assertThat(screen(width, height)).hasSize(Math.max(1, height)).allMatch(line -> line.length() <= Math.max(width, 30));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "r | front web, front mail, back owa, ex1, ex2, back mail, ex1",
        "n | front mail, front web, back mail, ex1, back owa, ex1, ex2",
        "! | front web, back owa, ex1, ex2, back mail, ex1"})
    void ordersAndChooses(String key, String expected) {
        press(key);
        assertThat(names(80, 24)).isEqualTo(expected);
    }

    @Test
    void filtersByAPartOfANameUntilEscape() {
        press("/", "E", "x", "3", "backspace", "2", "enter");
        assertThat(names(80, 24)).isEqualTo("back owa, ex2");
        press("/", "z", "enter");
        assertThat(screen(80, 24).get(3)).isEqualTo("  nothing has 'Ex2z' in its name; Esc drops the filter");
        press("escape");
        assertThat(names(80, 24)).startsWith("front web");
    }

    @Test
    void scrollsNoFurtherThanTheLastLine() {
        assertThat(names(80, 7)).isEqualTo("front web, front mail, back owa");
        press("down");
        assertThat(names(80, 7)).isEqualTo("front mail, back owa, ex1");
        press("end", "down");
        assertThat(names(80, 7)).isEqualTo("ex2, back mail, ex1");
        press("up");
        assertThat(names(80, 7)).isEqualTo("ex1, ex2, back mail");
        press("home", "up");
        assertThat(names(80, 7)).startsWith("front web");
    }

    @Test
    void qQuitsUnlessItIsTyped() {
        press("/", "q", "enter");
        assertThat(view.press("q", news(Optional.empty()))).isFalse();
        assertThat(view.press("interrupt", news(Optional.empty()))).isFalse();
    }

    @Test
    void aDaemonThatIsGoneIsToldAboveItsOldFigures() {
        List<String> lines = view.screen(news(Optional.of("lbd is not running")), 80, 24, 70 * SECOND, "12:00:00", "2 s").stream().map(AttributedString::toString).toList();
        assertThat(lines.get(1)).isEqualTo("NO ANSWER for 1m5s, asking on: lbd is not running");
        assertThat(lines.get(3)).startsWith("front web");
    }

    @Test
    void coloursAreLeftOutOnRequest() {
        String plain = view.screen(news(Optional.empty()), 80, 24, 0, "", "2 s").stream().map(AttributedString::toAnsi).collect(Collectors.joining());
        String painted = new TopView(true).screen(news(Optional.empty()), 80, 24, 0, "", "2 s").stream().map(AttributedString::toAnsi).collect(Collectors.joining());
        assertThat(plain).doesNotContain("\u001b[31m");
        assertThat(painted).contains("\u001b[31mDOWN").contains("\u001b[32mUP").contains("\u001b[33mMAINT");
    }
}
