package net.lbd.config.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import net.lbd.config.ConfigurationLoader;
import net.lbd.config.Environment;
import net.lbd.config.LoadResult;
import net.lbd.config.syntax.Severity;
import org.junit.jupiter.api.Test;

/** Every row of every table has an example that can be put into a configuration as it is shown, and every setting a default. */
class RowNotesTest {

    private static final String BEHIND = "\nbackend be\n mode http\n timeout server 1s\n timeout connect 1s\n server s 10.0.0.11:80\n"
            + " stick-table type ip size 1k store gpc0,gpc1,gpt0,gpc0_rate(10s),gpc1_rate(10s),conn_cnt,conn_cur,conn_rate(10s),"
            + "sess_cnt,sess_rate(10s),http_req_cnt,http_req_rate(10s),http_err_cnt,http_err_rate(10s),http_fail_cnt,http_fail_rate(10s),"
            + "bytes_in_cnt,bytes_in_rate(10s),bytes_out_cnt,bytes_out_rate(10s),server_id,glitch_cnt,glitch_rate(10s)\n"
            + "backend array\n stick-table type ip size 1k store gpc(2),gpt(2),gpc_rate(2,10s)\n"
            + "userlist u\n user bob insecure-password x\n group g users bob\n"
            + "backend checked\n mode http\n timeout server 1s\n timeout connect 1s\n server s 10.0.0.12:80 check\n"
            + "mailers mailers\n mailer m 10.0.0.9:25\nresolvers dns\n nameserver n 10.0.0.2:53\ncache pages\n total-max-size 4\nhttp-errors errors\n"
            + "ring lines\n size 32k\npeers pair\n peer a 10.0.0.1:1024\n";

    private static final Path FOLDER = Path.of("src/test/resources/examples").toAbsolutePath();

    private final List<String> wrong = new ArrayList<>();

    private void check(String row, String text) {
        String there = text;
        for (String file : List.of("hosts.map", "nets.map", "ports.map", "codes.map", "limits.map", "areas.map", "503.http")) {
            // These are looked for where the process runs, and not where certificates are.
            there = there.replace(file, FOLDER.resolve(file).toString());
        }
        LoadResult result = new ConfigurationLoader(new Environment(Map.of("HOME", "/root"), FOLDER)).loadText("t.cfg", there);
        result.diagnostics().stream().filter(d -> d.severity() == Severity.ERROR).findFirst()
                .ifPresent(d -> wrong.add(row + ": " + d.location().line() + ": " + d.message()));
        if (row.matches(".*<[a-z-]+>.*")) {
            wrong.add(row + ": a placeholder has no word");
        }
    }

    /** A section that may hold the line. */
    private static String frame(ReferenceRow row, String example) {
        String begin = switch (row.section()) {
            case GLOBAL -> "global\n ";
            case DEFAULTS -> "defaults\n ";
            case FRONTEND -> "frontend f\n mode http\n timeout client 1s\n bind :8080\n ";
            case BACKEND -> "global\n external-check\n insecure-fork-wanted\nbackend b\n mode http\n timeout server 1s\n timeout connect 1s\n ";
            case LISTEN -> "listen f\n mode http\n timeout client 1s\n timeout server 1s\n timeout connect 1s\n bind :8080\n"
                    + " filter bwlim-out limit default-limit 1m default-period 1s\n ";
            case DIRECTOR -> "director d 10.0.0.1:25 TCP\n ";
            case VRRP -> "vrrp v\n cluster-id 1\n role backup\n interface eth0\n virtual-address 10.0.0.9/24\n ";
            case NAMESPACE_LIST -> "namespace_list\n ";
            default -> row.section().keyword() + " it\n ";
        };
        return begin + example + BEHIND;
    }

    @Test
    void everyExampleIsAConfiguration() {
        for (ReferenceRow row : ReferenceRow.all()) {
            row.example().ifPresent(example -> check(row.table() + " " + row.keyword().name() + ": " + example, frame(row, example)));
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void everySettingHasADefault() {
        assertThat(ReferenceRow.all().stream().filter(ReferenceRow::lacksDefault).map(row -> row.table() + " " + row.keyword().name())).isEmpty();
    }

    @Test
    void everyNoteOnADefaultIsUsed() {
        Set<String> names = new TreeSet<>();
        ReferenceRow.all().stream().filter(row -> row.defaultNote().isPresent()).forEach(row -> {
            names.add(row.table() + " " + row.keyword().name());
            names.add(row.keyword().name());
        });
        assertThat(names).containsAll(RowNotes.defaults());
    }

    @Test
    void everyWrittenExampleIsOfARow() {
        Set<String> names = new TreeSet<>();
        ReferenceRow.all().forEach(row -> names.add(row.table() + " " + row.keyword().name()));
        assertThat(names).containsAll(RowNotes.written().keySet());
    }
}
