package net.lbd.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.lbd.cli.FakeDaemon;
import net.lbd.config.model.ControlSockets.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The answers of the commands on tables; those in quotes are HAProxy 2.6's for the same tables. */
class TableCommandsTest {

    private static final String CONFIGURATION = """
            defaults
              mode http
              timeout connect 1s
              timeout client 5s
              timeout server 5s
            peers p
              table pt type string len 20 size 1k expire 5m store gpc0,http_req_rate(10s)
            frontend fe
              bind 127.0.0.1:18999
              default_backend be
            backend be
              stick on hdr(Authorization) table logins
              server s1 127.0.0.1:18998
            backend t_all
              stick-table type ip size 10k expire 1m store gpt0,gpc0,gpc0_rate(10s),conn_cur,bytes_in_cnt,http_err_rate(15s),server_key
            backend t_arr
              stick-table type ip size 10k expire 1m store gpt(3),gpc(2),gpc_rate(2,10s)
            backend t_str
              stick-table type string len 8 size 10 store http_req_cnt
            backend t_int
              stick-table type integer size 10 store http_req_cnt
            backend t_bin
              stick-table type binary len 4 size 10 store http_req_cnt
            backend t_v6
              stick-table type ipv6 size 10 store http_req_cnt
            backend t_nop
              stick-table type string size 1 nopurge store gpc0
            backend logins
              stick-table type string size 10 expire 1h
            """;

    private final FakeDaemon daemon = new FakeDaemon(CONFIGURATION);
    private final CommandTable table = new CommandTable();

    private String run(String line) {
        List<List<String>> commands = CommandLine.split(line);
        return table.run(daemon, Level.ADMIN, commands.get(0));
    }

    /** Without what differs from run to run: the number of an entry, and its time. */
    private String shown(String line) {
        return run(line).replaceAll("(?m)^0x[0-9a-f]+: ", "").replaceAll(" exp=[1-9][0-9]*", " exp=N");
    }

    @Test
    void tablesAreListedAsHaproxyListsThem() {
        assertThat(run("show table")).isEqualTo("""
                # table: logins, type: string, size:10, used:0
                # table: t_nop, type: string, size:1, used:0
                # table: t_v6, type: ipv6, size:10, used:0
                # table: t_bin, type: binary, size:10, used:0
                # table: t_int, type: integer, size:10, used:0
                # table: t_str, type: string, size:10, used:0
                # table: t_arr, type: ip, size:10240, used:0
                # table: t_all, type: ip, size:10240, used:0
                # table: p/pt, type: string, size:1024, used:0
                """);
    }

    @Test
    void entriesAreShownWithEverythingThatTheyStore() {
        assertThat(run("set table t_all key 1.2.3.4 data.gpc0_rate 5 data.bytes_in_cnt 99999999999")).isEmpty();
        assertThat(shown("show table t_all key 1.2.3.4")).isEqualTo("""
                # table: t_all, type: ip, size:10240, used:1
                key=1.2.3.4 use=0 exp=N gpt0=0 gpc0=0 gpc0_rate(10000)=5 conn_cur=0 http_err_rate(15000)=0 bytes_in_cnt=99999999999 server_key=-
                """);
        run("set table t_arr key 1.2.3.4");
        assertThat(shown("show table t_arr")).isEqualTo("""
                # table: t_arr, type: ip, size:10240, used:1
                key=1.2.3.4 use=0 exp=N gpt0=0 gpt1=0 gpt2=0 gpc0=0 gpc1=0 gpc0_rate(10000)=0 gpc1_rate(10000)=0
                """);
    }

    @Test
    void keysAreInOrderAndWrittenAsHaproxyWritesThem() {
        run("set table t_str key abcdefghijklmnop data.http_req_cnt 3");
        run("set table t_str key /404 data.http_req_cnt 1");
        run("set table t_str key \"a=b data.http_req_cnt 2");
        assertThat(shown("show table t_str")).isEqualTo("""
                # table: t_str, type: string, size:10, used:3
                key="a\\=b use=0 exp=0 http_req_cnt=2
                key=/404 use=0 exp=0 http_req_cnt=1
                key=abcdefgh use=0 exp=0 http_req_cnt=3
                """);
        run("set table t_bin key 2F34 data.http_req_cnt 1");
        assertThat(shown("show table t_bin")).contains("key=2F340000 use=0");
        run("set table t_v6 key ::1");
        run("set table t_v6 key 10.0.0.1");
        assertThat(shown("show table t_v6")).contains("key=::1 use=0").contains("key=::ffff:10.0.0.1 use=0");
        run("set table t_int key 77");
        assertThat(shown("show table t_int key 77")).contains("key=77 use=0");
    }

    @Test
    void filtersChooseAndClearRemoves() {
        for (int i = 0; i < 5; i++) {
            run("set table t_all key 10.0.0." + i + " data.gpc0 " + i + " data.gpt0 1");
        }
        assertThat(run("show table t_all data.gpc0 gt 2 data.gpt0 eq 1").lines()).hasSize(3);
        assertThat(run("clear table t_all data.gpc0 le 2")).isEmpty();
        assertThat(run("show table t_all")).contains("used:2").contains("10.0.0.3").contains("10.0.0.4");
        run("clear table t_all key 10.0.0.3");
        assertThat(run("show table t_all")).contains("used:1");
        run("clear table t_all");
        assertThat(run("show table t_all")).isEqualTo("# table: t_all, type: ip, size:10240, used:0\n");
    }

    @Test
    void credentialsAreNotShownAndFoundByTheirNumber() {
        run("set table logins key Basic\\ Ym9iOnNlY3JldA==");
        String shown = shown("show table logins");
        assertThat(shown).doesNotContain("Ym9i").containsPattern("key=hidden:[0-9a-f]{16} use=0 exp=N server_id=0 server_key=-");
        String hidden = shown.replaceAll("(?s).*(hidden:[0-9a-f]+).*", "$1");
        assertThat(run("show table logins key " + hidden)).contains(hidden);
        run("clear table logins key " + hidden);
        assertThat(run("show table logins")).contains("used:0");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', value = {
        "show table nope | No such table",
        "show table t_all data.gpc0 foo 4 | Filter entry #1: Require and operator among \"eq\", \"ne\", \"le\", \"ge\", \"lt\", \"gt\"",
        "show table t_all data.gpc0 | Filter entry #1: Require and operator among \"eq\", \"ne\", \"le\", \"ge\", \"lt\", \"gt\"",
        "show table t_all data.gpc0 gt x | Filter entry #1: Require a valid integer value to compare against",
        "show table t_all data.foo gt 4 | Filter entry #1: Unknown data type",
        "show table t_v6 data.gpc0 gt 1 | Filter entry #1: Data type not stored in this table",
        "show table t_all foo | Optional argument only supports \"data.<store_data_type>\" <operator> <value> and key <key>",
        "show table t_int key x | Invalid key",
        "clear table | Required arguments: <table> \"data.<store_data_type>\" <operator> <value> or <table> key <key>",
        "clear table nope | No such table",
        "clear table t_all foo | Required arguments: <table> \"data.<store_data_type>\" <operator> <value> or <table> key <key>",
        "set table | Required arguments: <table> key <key> [data.<store_data_type> <value>]*",
        "set table t_all key | Key value expected",
        "set table t_all key 1.1.1.1 gpc0 3 | \"data.<type>\" followed by a value expected",
        "set table t_all key 1.1.1.1 data.gpc0 | Require a valid integer value to store",
        "set table t_all key 1.1.1.1 data.gpc0 x | Require a valid integer value to store",
        "set table t_all key 1.1.1.1 data.server_key x | Require a valid integer value to store",
        "set table t_v6 key ::3 data.gpc0 1 | Data type not stored in this table",
        "set table t_arr key 1.2.3.4 data.gpc[1] 3 | Unknown data type",
        "set table t_str data.http_req_cnt 4 | content-based lookup is only supported with the \"show\" and \"clear\" actions"
    })
    void mistakesAreAnsweredAsHaproxyAnswersThem(String line, String answer) {
        assertThat(run(line)).isEqualTo(answer + "\n");
    }

    @Test
    void aFullTableThatRefusesSaysSo() {
        run("set table t_nop key a");
        assertThat(run("set table t_nop key b")).isEqualTo("Unable to allocate a new entry\n");
    }

    @Test
    void readingWantsAnOperatorAndWritingAnAdministrator() {
        assertThat(table.run(daemon, Level.USER, List.of("show", "table"))).startsWith("Permission denied");
        assertThat(table.run(daemon, Level.OPERATOR, List.of("show", "table"))).startsWith("# table");
        assertThat(table.run(daemon, Level.OPERATOR, List.of("clear", "table", "t_all"))).startsWith("Permission denied");
    }
}
