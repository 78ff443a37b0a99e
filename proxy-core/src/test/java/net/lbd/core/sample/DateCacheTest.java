package net.lbd.core.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DateCacheTest {

    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss xx", Locale.ENGLISH);

    /** Against the JDK's calendar, over two centuries and across every change of the clocks. */
    @ParameterizedTest
    @ValueSource(strings = {"UTC", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu"})
    void agreesWithTheJdk(String zoneName) {
        ZoneId zone = ZoneId.of(zoneName);
        DateCache dates = new DateCache();
        ByteSink sink = new ByteSink();
        Random random = new Random(zoneName.hashCode());
        long second = 0;
        for (int i = 0; i < 50_000; i++) {
            second = random.nextInt(4) == 0 ? random.nextLong(6_000_000_000L) : second + random.nextInt(3);
            int offset = dates.offsetSeconds(zone, second);
            sink.clear();
            dates.putDate(sink, second, offset);
            sink.put((byte) ' ');
            DateCache.putOffset(sink, offset);
            assertThat(sink.toString()).isEqualTo(DATE.format(ZonedDateTime.ofInstant(Instant.ofEpochSecond(second), zone)));
        }
    }
}
