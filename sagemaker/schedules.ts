/** A schedule in Application Auto Scaling's format: `at(…)`, `rate(…)`, or `cron(…)` with six fields. */
export const schedulePattern =
  /^(at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)|rate\([1-9]\d* (minute|hour|day)s?\)|cron\(\S+( \S+){5}\))$/;

/**
 * Checks whether AWS accepts this time zone.
 *
 * @param timezone an IANA name, for example `Europe/Berlin`
 */
export function isTimezone(timezone: string): boolean {
  try {
    // JavaScript also accepts offsets such as +01:00, but AWS doesn't.
    return /^[A-Z]/.test(timezone) && new Intl.DateTimeFormat("en", { timeZone: timezone }).format().length > 0;
  } catch {
    return false;
  }
}
