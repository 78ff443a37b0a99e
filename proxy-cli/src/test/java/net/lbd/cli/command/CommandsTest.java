package net.lbd.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.lbd.cli.FakeDaemon;
import net.lbd.cli.Fixtures;
import net.lbd.cli.reload.ReloadResult;
import net.lbd.config.model.ControlSockets.Level;
import net.lbd.core.backend.ServerState.Admin;
import net.lbd.core.report.StatField;
import net.lbd.health.check.CheckStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The answers of the commands, compared with what HAProxy 2.6 answers for the same configuration. */
class CommandsTest {

    private static final String CONFIGURATION = """
            global
              maxconn 200
              node box1
            defaults
              mode http
              timeout connect 1s
              timeout client 5s
              timeout server 5s
            frontend fe
              bind 127.0.0.1:18999
              maxconn 50
              default_backend be
            listen li
              bind 127.0.0.1:18777
              server l1 127.0.0.1:18801
            backend be
              server s1 127.0.0.1:18998 check inter 1s
              server s2 127.0.0.1:18997 weight 5 maxconn 9
              server bk 127.0.0.1:18996 backup
            backend raw
              mode tcp
              server t1 127.0.0.1:18995
            """;

    private final FakeDaemon daemon = new FakeDaemon(CONFIGURATION);
    private final CommandTable table = new CommandTable();

    private String run(String line) {
        List<List<String>> commands = CommandLine.split(line);
        assertThat(commands).hasSize(1);
        return table.run(daemon, Level.ADMIN, commands.get(0));
    }

    /** The row of show stat, by column. */
    private Map<String, String> stat(String proxy, String name) {
        List<String> lines = run("show stat").lines().toList();
        String[] header = lines.get(0).substring(2).split(",", -1);
        String[] row = lines.stream().filter(l -> l.startsWith(proxy + "," + name + ",")).findFirst().orElseThrow()
                .split(",", -1);
        assertThat(row).hasSameSizeAs(header);
        return IntStream.range(0, header.length).boxed().collect(Collectors.toMap(i -> header[i], i -> row[i],
                (a, b) -> b));
    }

    @Test
    void statHeaderIsThatOfHaproxy26() throws IOException {
        String expected;
        try (InputStream in = getClass().getResourceAsStream("show-stat-2.6-header.txt")) {
            expected = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }

        assertThat(StatField.CSV_HEADER).isEqualTo(expected);
    }

    @Test
    void statRowsStandInTheOrderOfTheConfiguration() {
        assertThat(run("show stat").lines().skip(1).map(l -> l.substring(0, l.indexOf(',', l.indexOf(',') + 1))))
                .containsExactly("fe,FRONTEND", "li,FRONTEND", "li,l1", "li,BACKEND", "be,s1", "be,s2", "be,bk",
                        "be,BACKEND", "raw,t1", "raw,BACKEND");
    }

    @Test
    void everyStatRowHasTheSeparatorAndAsManyFieldsAsTheHeader() {
        int fields = StatField.CSV_HEADER.split(",", -1).length;

        assertThat(run("show stat").lines()).allSatisfy(line -> {
            assertThat(line.split(",", -1)).hasSize(fields);
            assertThat(line.split(",", -1)[StatField.SSL_SESS.ordinal()]).isEqualTo("-");
        });
    }

    @Test
    void statReportsFrontend() {
        assertThat(stat("fe", "FRONTEND"))
                .containsEntry("status", "OPEN").containsEntry("type", "0").containsEntry("slim", "50")
                .containsEntry("iid", "2").containsEntry("mode", "http").containsEntry("pid", "1");
    }

    @Test
    void statReportsServers() {
        Fixtures.checked(daemon.state("be", "s1"), 4, CheckStatus.L7OK, 200, "OK");

        assertThat(stat("be", "s1"))
                .containsEntry("status", "UP").containsEntry("check_status", "L7OK")
                .containsEntry("check_duration", "12").containsEntry("check_code", "200")
                .containsEntry("check_desc", "Layer7 check passed").containsEntry("last_chk", "OK")
                .containsEntry("check_health", "4").containsEntry("addr", "127.0.0.1:18998")
                .containsEntry("check_rise", "2").containsEntry("check_fall", "3").containsEntry("chkdown", "0")
                .containsEntry("act", "1").containsEntry("bck", "0").containsEntry("sid", "1");
        assertThat(stat("be", "s2"))
                .containsEntry("status", "no check").containsEntry("weight", "5").containsEntry("slim", "9")
                .containsEntry("check_status", "").containsEntry("chkdown", "");
        assertThat(stat("be", "bk")).containsEntry("act", "0").containsEntry("bck", "1");
    }

    @Test
    void statReportsBackendByItsUsableServers() {
        assertThat(stat("be", "BACKEND")).containsEntry("status", "UP").containsEntry("act", "2")
                .containsEntry("bck", "1").containsEntry("weight", "6").containsEntry("algo", "roundrobin");

        Fixtures.checked(daemon.state("be", "s1"), 0, CheckStatus.L4CON, 0, "Connection refused");
        run("set server be/s2 state maint");
        assertThat(stat("be", "BACKEND")).containsEntry("status", "UP").containsEntry("act", "0")
                .containsEntry("bck", "1").containsEntry("weight", "1");

        run("set server be/bk state drain");
        assertThat(stat("be", "BACKEND")).containsEntry("status", "DOWN").containsEntry("weight", "0");
    }

    @Test
    void statCountsResponsesInModeHttpOnly() {
        daemon.state("be", "s1").counters().countResponse(204);
        daemon.state("be", "s1").counters().countResponse(503);
        daemon.state("be", "s1").counters().enter();
        daemon.state("raw", "t1").counters().enter();

        assertThat(stat("be", "s1")).containsEntry("hrsp_2xx", "1").containsEntry("hrsp_5xx", "1")
                .containsEntry("req_tot", "1").containsEntry("stot", "1").containsEntry("scur", "1")
                .containsEntry("hrsp_other", "0");
        assertThat(stat("raw", "t1")).containsEntry("hrsp_2xx", "").containsEntry("req_tot", "").containsEntry("mode", "tcp");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "4 | READY | UP",
        "3 | READY | UP 2/3",
        "2 | READY | UP 1/3",
        "1 | READY | DOWN 1/2",
        "0 | READY | DOWN",
        "4 | DRAIN | DRAIN",
        "0 | DRAIN | DOWN",
        "4 | MAINT | MAINT",
        "0 | MAINT | MAINT",
    })
    void statusWordOfServer(int health, Admin admin, String word) {
        Fixtures.checked(daemon.state("be", "s1"), health, CheckStatus.L4OK, 0, "");
        daemon.state("be", "s1").setAdmin(admin);

        assertThat(stat("be", "s1")).containsEntry("status", word);
    }

    @Test
    void everyCheckStatusHasItsNumber() {
        for (CheckStatus status : CheckStatus.values()) {
            Fixtures.checked(daemon.state("be", "s1"), 4, status, 0, "");

            String line = run("show servers state be").lines().filter(l -> l.contains(" s1 ")).findFirst().orElseThrow();
            assertThat(line.split(" ")[10]).as("%s", status).isNotEqualTo("1");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "show stat be        | be,s1 be,s2 be,bk be,BACKEND",
        "show stat -1 1 -1   | fe,FRONTEND li,FRONTEND",
        "show stat -1 2 -1   | li,BACKEND be,BACKEND raw,BACKEND",
        "show stat be 4 2    | be,s2",
        "show stat 4 4 -1    | be,s1 be,s2 be,bk",
    })
    void statFilters(String command, String rows) {
        assertThat(run(command).lines().skip(1).map(l -> l.substring(0, l.indexOf(',', l.indexOf(',') + 1))))
                .containsExactly(rows.split(" "));
    }

    @Test
    void statInOtherForms() {
        assertThat(run("show stat be 4 1 typed").lines()).contains("S.4.1.1.svname.1:KNS:str:s1", "S.4.1.73.addr.1:CGS:str:127.0.0.1:18998");
        assertThat(run("show stat typed desc").lines()).contains("F.2.0.0.pxname.1:KNS:str:fe:\"name of the proxy\"");
        assertThat(run("show stat json")).startsWith("[[{\"objType\":\"Frontend\",\"proxyId\":2,").endsWith("}}]]\n");
        assertThat(run("show info json")).startsWith("[{\"field\":{\"pos\":0,\"name\":\"Name\"}");
        assertThat(run("show info typed").lines()).contains("15.Maxconn.1:CLP:u32:200");
        assertThat(run("show info desc").lines()).contains("Maxconn: 200:\"limit of client connections\"");
    }

    @Test
    void statLeavesServersOutThatAreDownOrInMaintenance() {
        Fixtures.checked(daemon.state("be", "s1"), 0, CheckStatus.L4CON, 0, "Connection refused");
        run("set server be/s2 state maint");

        assertThat(run("show stat be no-maint").lines().map(l -> l.split(",")[1])).contains("s1", "bk", "BACKEND").doesNotContain("s2");
        assertThat(run("show stat be up").lines().map(l -> l.split(",")[1])).contains("bk", "BACKEND").doesNotContain("s1", "s2");
    }

    @Test
    void statRefusesWhatItDoesNotKnow() {
        assertThat(run("show stat nope")).isEqualTo("No such proxy.\n");
        assertThat(run("show stat be x y")).isEqualTo("'x' is not a number.\n");
        assertThat(run("show stat typed nonsense")).isEqualTo("'show stat': 'nonsense' is none of desc, json, no-maint, typed, up.\n");
        assertThat(run("show info nonsense")).isEqualTo("'show info': 'nonsense' is none of desc, float, json, typed.\n");
    }

    @Test
    void serversStateIsWrittenAsHaproxyWritesIt() {
        Fixtures.checked(daemon.state("be", "s1"), 4, CheckStatus.L7OK, 200, "OK");
        run("set server be/s2 state drain");

        String[] lines = run("show servers state").split("\n");

        assertThat(lines[0]).isEqualTo("1");
        assertThat(lines[1]).startsWith("# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state");
        // The time since the last change is the tenth field; it may tick while the test runs.
        assertThat(Arrays.stream(lines).skip(2).map(l -> l.replaceFirst("^((\\S+ ){9})\\d+ ", "$1T ")))
                .containsExactly(
                        "3 li 1 l1 127.0.0.1 2 0 1 1 T 1 0 2 0 0 0 0 - 18801 - 0 0 - - 0",
                        "4 be 1 s1 127.0.0.1 2 0 1 1 T 15 3 4 6 0 0 0 - 18998 - 0 0 - - 0",
                        "4 be 2 s2 127.0.0.1 2 8 5 5 T 1 0 2 0 0 0 0 - 18997 - 0 0 - - 0",
                        "4 be 3 bk 127.0.0.1 2 0 1 1 T 1 0 2 0 0 0 0 - 18996 - 0 0 - - 0",
                        "5 raw 1 t1 127.0.0.1 2 0 1 1 T 1 0 2 0 0 0 0 - 18995 - 0 0 - - 0");
        assertThat(run("show servers state be").lines()).hasSize(5);
        assertThat(run("show servers state nope")).isEqualTo("Can't find backend.\n");
    }

    @Test
    void setServerChangesWhatTheAdministratorWants() {
        assertThat(run("set server be/s1 state drain")).isEmpty();
        assertThat(run("disable server be/s2")).isEmpty();
        assertThat(run("enable server be/s2")).isEmpty();
        assertThat(run("enable server be/s1")).as("enable leaves drain alone").isEmpty();

        assertThat(daemon.engine().calls()).containsExactly("apply",
                "setAdmin be/s1 DRAIN", "setAdmin be/s2 MAINT", "setAdmin be/s2 READY");
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', value = {
        "set server nope/x state ready => No such backend.",
        "set server be/nope state ready => No such server.",
        "set server be state ready => Require 'backend/server'.",
        "disable server => Require 'backend/server'.",
        "set server be/s1 state foo => 'set server <srv> state' expects 'ready', 'drain' and 'maint'.",
        "set server be/s1 => usage: set server <backend>/<server> addr | agent | agent-addr | agent-port | agent-send | check-addr | check-port | fqdn | health | ssl | state | weight",
        "set server be/s1 agent-addr 1.2.3.4 => agent checks are not enabled on this server",
        "set server be/s1 ssl on => 'set server <srv> ssl' cannot be set.  default-server should define ssl settings",
    }, delimiterString = " => ")
    void setServerRefuses(String command, String answer) {
        assertThat(run(command)).isEqualTo(answer + "\n");
        assertThat(daemon.engine().calls()).containsExactly("apply");
    }

    @Test
    void infoUsesHaproxysNames() {
        Map<String, String> info = run("show info").lines()
                .collect(Collectors.toMap(l -> l.substring(0, l.indexOf(':')), l -> l.substring(l.indexOf(':') + 2)));

        assertThat(info).containsEntry("SessRate", "0").containsEntry("MaxSslRate", "0").containsEntry("ConnRateLimit", "0");
        assertThat(info).containsEntry("Name", "lbd").containsEntry("Maxconn", "200").containsEntry("node", "box1")
                .containsEntry("Pid", Long.toString(ProcessHandle.current().pid()))
                .containsEntry("Uptime", "0d 1h01m01s").containsEntry("Uptime_sec", "3661")
                .containsEntry("Stopping", "0").containsEntry("Listeners", "2").containsKey("Ulimit-n");
    }

    @Test
    void listenersAreListed() {
        assertThat(run("show listeners")).isEqualTo(
                "# pxname,addr,ssl\nfe,127.0.0.1:18999,0\nli,127.0.0.1:18777,0\n");
    }

    @Test
    void reloadAnswersWithTheDiagnosticsAndItsSuccess() {
        var result = Fixtures.load("frontend fe\n  bynd :80\n");
        daemon.onReload(() -> new ReloadResult(false, result.diagnostics(), "errors found in the configuration",
                Duration.ZERO));

        assertThat(run("reload")).contains("test.cfg:2:3", "    bynd :80\n    ^~~~\n")
                .endsWith("errors found in the configuration, 1 error, 1 warning\nSuccess=0\n");
    }

    @Test
    void reloadRefusesWhatItDoesNotKnow() {
        assertThat(run("reload now")).isEqualTo("'reload': unexpected 'now'; behind it may stand: confirm, confirmed, back, if-healthy, diff.\nSuccess=0\n");
        assertThat(run("reload confirm")).contains("wants one time", "60s").endsWith("\nSuccess=0\n");
        assertThat(run("reload confirm 60")).contains("wants one time");
        assertThat(run("reload diff xml")).contains("unexpected 'xml'");
        assertThat(daemon.calls()).isEmpty();
    }

    @Test
    void showProcTellsOfATrial() {
        assertThat(run("show proc")).doesNotContain("on trial");
        assertThat(run("reload confirm 2m")).contains("on trial").endsWith("Success=1\n");
        assertThat(run("show proc")).endsWith("# the configuration is on trial: goes back in 120s unless confirmed\n");
    }

    @Test
    void stopCommandsAreAnsweredByNothing() {
        assertThat(run("soft-stop")).isEmpty();
        assertThat(run("stop")).isEmpty();
        assertThat(daemon.calls()).containsExactly("softStop", "stop");
    }

    @Test
    void helpListsEveryCommandAndFilters() {
        assertThat(run("help").lines()).hasSize(1 + table.commands().size());
        assertThat(run("help show").lines().skip(1)).isNotEmpty().allMatch(l -> l.startsWith("  show "));
        assertThat(run("help nonsense")).startsWith("Unknown command. Please enter one of");
    }

    @Test
    void unknownCommandNamesItsNeighbours() {
        assertThat(run("show nonsense")).startsWith("Unknown command, but maybe one of")
                .contains("show stat").doesNotContain("reload");
    }

    @Test
    void everyRowIsDocumentedAndDistinct() {
        assertThat(table.commands()).allSatisfy(c -> assertThat(c.doc()).isNotBlank());
        assertThat(table.commands().stream().map(Command::path)).doesNotHaveDuplicates();
    }
}
