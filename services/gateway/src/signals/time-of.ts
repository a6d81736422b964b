const firstMs = Date.parse('0001-01-01T00:00:00Z');
const lastMs = Date.parse('9999-12-31T23:59:59.999Z');

/** An RFC 3339 time; one that its offset takes beyond four digits of a year becomes the nearest. */
export function timeOf(text: string): Date {
  return new Date(Math.min(Math.max(Date.parse(text), firstMs), lastMs));
}
