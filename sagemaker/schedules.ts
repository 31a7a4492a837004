/** A time as Application Auto Scaling takes it: `at(…)`, `rate(…)`, or `cron(…)` with six fields. */
export const schedulePattern =
  /^(at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)|rate\([1-9]\d* (minute|hour|day)s?\)|cron\(\S+( \S+){5}\))$/;

/**
 * Whether AWS knows a time zone by this name.
 *
 * @param timezone an IANA name, for example `Europe/Berlin`
 */
export function isTimezone(timezone: string): boolean {
  try {
    // JavaScript also takes offsets such as +01:00; AWS does not.
    return /^[A-Z]/.test(timezone) && new Intl.DateTimeFormat("en", { timeZone: timezone }).format().length > 0;
  } catch {
    return false;
  }
}
