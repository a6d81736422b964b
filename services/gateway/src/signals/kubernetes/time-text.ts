const first = Date.parse('0000-01-01T00:00:00Z');
const last = Date.parse('9999-12-31T23:59:59.999Z');

/** A time in RFC 3339, whose years have four digits; other years are clamped. */
export function timeText(time: Date): string {
  return new Date(Math.min(Math.max(time.getTime(), first), last)).toISOString();
}
