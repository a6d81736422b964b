const firstMs = Date.parse('0001-01-01T00:00:00Z');
const lastMs = Date.parse('9999-12-31T23:59:59.999Z');

/** Parses an RFC 3339 time; if the offset moves it beyond a four-digit year, it is clamped. */
export function timeOf(text: string): Date {
  return new Date(Math.min(Math.max(Date.parse(text), firstMs), lastMs));
}
