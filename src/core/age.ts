const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Of the Gregorian calendar, on average. */
const YEAR = 365.2425 * DAY;
const MONTH = YEAR / 12;

/**
 * How much time lies between two points in time, in the coarsest unit that says something:
 * "5 hours", "12 days", "7 months". Both are in seconds since 1970; which is earlier does not count.
 */
export function timeBetween(a: number, b: number): string {
    const seconds = Math.abs(b - a);
    if (seconds < MINUTE) return "less than a minute";
    if (seconds < HOUR) return count(seconds / MINUTE, "minute");
    if (seconds < 2 * DAY) return count(seconds / HOUR, "hour");
    if (seconds < 3 * MONTH) return count(seconds / DAY, "day");
    if (seconds < 2 * YEAR) return count(seconds / MONTH, "month");
    return count(seconds / YEAR, "year");
}

function count(value: number, unit: string): string {
    const whole = Math.floor(value);
    return `${whole} ${unit}${whole === 1 ? "" : "s"}`;
}
