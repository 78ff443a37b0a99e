package net.lbd.core.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The forms of reports, compared with what HAProxy 2.6 wrote; the facts of its typed output stand in files beside this. */
class ReportFormatTest {

    private static List<String> facts(String name) throws IOException {
        try (InputStream in = ReportFormatTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    @Test
    void columnsHavePositionTagsAndTypeOfHaproxy() throws IOException {
        for (String fact : facts("show-stat-2.6-typed.txt")) {
            StatRow.Kind kind = switch (fact.charAt(0)) {
                case 'F' -> StatRow.Kind.FRONTEND;
                case 'B' -> StatRow.Kind.BACKEND;
                default -> StatRow.Kind.SERVER;
            };
            String name = fact.split("[.:]")[2];
            StatField field = StatField.valueOf(name.toUpperCase(java.util.Locale.ROOT));
            assertThat(fact.charAt(0) + "." + field.ordinal() + "." + field.title() + ":" + field.tags(kind) + ":" + field.type())
                    .isEqualTo(fact);
        }
    }

    @Test
    void infoLinesHavePositionTagsAndTypeOfHaproxy() throws IOException {
        List<String> facts = facts("show-info-2.6-typed.txt");
        assertThat(facts).hasSizeGreaterThan(60);
        for (String fact : facts) {
            InfoField field = InfoField.values()[Integer.parseInt(fact.substring(0, fact.indexOf('.')))];
            assertThat(field.ordinal() + "." + field.title() + ":" + field.tags() + ":" + field.type()).isEqualTo(fact);
        }
    }

    private static StatRow row() {
        return new StatRow(StatRow.Kind.SERVER, 6, 1).put(StatField.PXNAME, "be").put(StatField.SVNAME, "a \"b\", c")
                .put(StatField.SCUR, 3).put(StatField.LASTSESS, -1);
    }

    @Test
    void csvQuotesAndLeavesEmpty() {
        String line = ReportFormat.csv(List.of(row())).lines().skip(1).findFirst().orElseThrow();

        assertThat(line).startsWith("be,\"a \"\"b\"\", c\",,,3,,").endsWith(",");
        assertThat(line.replace("\"a \"\"b\"\", c\"", "x").split(",", -1)).hasSameSizeAs(StatField.CSV_HEADER.split(",", -1));
    }

    @Test
    void typedRowsEndInAnEmptyLine() {
        assertThat(ReportFormat.typed(List.of(row()), false)).isEqualTo("""
                S.6.1.0.pxname.1:KNS:str:be
                S.6.1.1.svname.1:KNS:str:a "b", c
                S.6.1.4.scur.1:MGP:u32:3
                S.6.1.55.lastsess.1:MAP:s32:-1

                """);
        assertThat(ReportFormat.typed(List.of(row()), true)).contains("scur.1:MGP:u32:3:\"sessions at this moment\"\n");
    }

    @Test
    void jsonIsOneLineAsHaproxyWritesIt() {
        assertThat(ReportFormat.json(List.of(new StatRow(StatRow.Kind.FRONTEND, 2, 0).put(StatField.PXNAME, "f\"e").put(StatField.STOT, 7))))
                .isEqualTo("[[{\"objType\":\"Frontend\",\"proxyId\":2,\"id\":0,\"field\":{\"pos\":0,\"name\":\"pxname\"},\"processNum\":1,"
                        + "\"tags\":{\"origin\":\"Key\",\"nature\":\"Name\",\"scope\":\"Service\"},\"value\":{\"type\":\"str\",\"value\":\"f\\\"e\"}},"
                        + "{\"objType\":\"Frontend\",\"proxyId\":2,\"id\":0,\"field\":{\"pos\":7,\"name\":\"stot\"},\"processNum\":1,"
                        + "\"tags\":{\"origin\":\"Metric\",\"nature\":\"Counter\",\"scope\":\"Process\"},\"value\":{\"type\":\"u64\",\"value\":7}}]]\n");
        assertThat(ReportFormat.json(List.of())).isEqualTo("[]\n");
    }

    @Test
    void infoInEveryForm() {
        Map<InfoField, Object> info = new EnumMap<>(Map.of(InfoField.NAME, "lbd", InfoField.PID, 12));

        assertThat(ReportFormat.lines(info, false)).isEqualTo("Name: lbd\nPid: 12\n");
        assertThat(ReportFormat.lines(info, true)).isEqualTo("Name: lbd:\"product\"\nPid: 12:\"process id\"\n");
        assertThat(ReportFormat.typedInfo(info, false)).isEqualTo("0.Name.1:POS:str:lbd\n6.Pid.1:SGP:u32:12\n");
        assertThat(ReportFormat.jsonInfo(info)).isEqualTo("[{\"field\":{\"pos\":0,\"name\":\"Name\"},\"processNum\":1,\"tags\":{\"origin\":"
                + "\"Product\",\"nature\":\"Output\",\"scope\":\"Service\"},\"value\":{\"type\":\"str\",\"value\":\"lbd\"}},"
                + "{\"field\":{\"pos\":6,\"name\":\"Pid\"},\"processNum\":1,\"tags\":{\"origin\":\"Status\",\"nature\":\"Gauge\",\"scope\":"
                + "\"Process\"},\"value\":{\"type\":\"u32\",\"value\":12}}]\n");
    }
}
