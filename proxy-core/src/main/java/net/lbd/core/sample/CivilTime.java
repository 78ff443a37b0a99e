package net.lbd.core.sample;

/**
 * A moment as calendar and clock have it somewhere, by the proleptic Gregorian calendar. Immutable.
 *
 * @param offsetSeconds how far local time is ahead of UTC
 * @param month from 1
 * @param weekday from 0 for Sunday
 * @param dayOfYear from 1
 */
record CivilTime(long epochSecond, int nanos, int offsetSeconds, int year, int month, int day, int weekday, int dayOfYear,
        int hour, int minute, int second) {

    private static final int[] DAYS_BEFORE = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};

    static CivilTime of(long epochSecond, int nanos, int offsetSeconds) {
        long local = epochSecond + offsetSeconds;
        int secondOfDay = (int) Math.floorMod(local, 86_400L);
        long epochDay = Math.floorDiv(local, 86_400L);
        int date = date(epochDay);
        int year = date >> 16;
        int month = date >> 8 & 0xff;
        int day = date & 0xff;
        int dayOfYear = DAYS_BEFORE[month - 1] + day + (month > 2 && isLeap(year) ? 1 : 0);
        return new CivilTime(epochSecond, nanos, offsetSeconds, year, month, day, (int) Math.floorMod(epochDay + 4, 7L),
                dayOfYear, secondOfDay / 3600, secondOfDay / 60 % 60, secondOfDay % 60);
    }

    /** Year, month and day in one number, the day in the lowest eight bits and the month in those above: without an object. */
    static int date(long epochDay) {
        // Years begin in March here, so that the leap day is the last of its year.
        long days = epochDay + 719_468;
        long era = Math.floorDiv(days, 146_097L);
        int dayOfEra = (int) (days - era * 146_097);
        int yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        int dayOfMarchYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int marchMonth = (5 * dayOfMarchYear + 2) / 153;
        int day = dayOfMarchYear - (153 * marchMonth + 2) / 5 + 1;
        int month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
        int year = (int) (yearOfEra + era * 400 + (month <= 2 ? 1 : 0));
        return year << 16 | month << 8 | day;
    }

    private static boolean isLeap(int year) {
        return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    }

    int hourOfHalfDay() {
        return hour % 12 == 0 ? 12 : hour % 12;
    }

    /** The week of ISO 8601; the first one of a year holds its first Thursday. */
    int isoWeek() {
        int week = weekOfOwnYear();
        if (week < 1) {
            return weeks(year - 1);
        }
        return week > weeks(year) ? 1 : week;
    }

    /** The year that {@link #isoWeek} belongs to. */
    int isoYear() {
        int week = weekOfOwnYear();
        return week < 1 ? year - 1 : week > weeks(year) ? year + 1 : year;
    }

    private int weekOfOwnYear() {
        int isoWeekday = weekday == 0 ? 7 : weekday;
        return (dayOfYear - isoWeekday + 10) / 7;
    }

    /** A year has 53 weeks if it begins or ends on a Thursday. */
    private static int weeks(int year) {
        return endsOn(year) == 4 || endsOn(year - 1) == 3 ? 53 : 52;
    }

    private static int endsOn(int year) {
        return Math.floorMod(year + Math.floorDiv(year, 4) - Math.floorDiv(year, 100) + Math.floorDiv(year, 400), 7);
    }
}
