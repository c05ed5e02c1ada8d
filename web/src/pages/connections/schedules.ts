/** Seconds between two readings of a table that can be chosen here; any other is set by API or CLI. */
export const schedules = [60, 300, 900, 1800, 3600, 21_600, 86_400]
