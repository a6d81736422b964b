/** From the beginning of the Gregorian calendar to 1970, in milliseconds. */
const gregorianMs = 12_219_292_800_000n;

/**
 * The first UUID of version 1 of a moment (RFC 9562, section 5.1): a position in the log of events.
 * @param ms since 1970
 */
export function timeUuidAt(ms: number): string {
  const ticks = (BigInt(Math.floor(ms)) + gregorianMs) * 10_000n;
  const hex = ticks.toString(16).padStart(15, '0');
  return `${hex.slice(7)}-${hex.slice(3, 7)}-1${hex.slice(0, 3)}-8000-000000000000`;
}

/** The time in a UUID of version 1, as a text that compares as times do. */
export function ticksOf(timeUuid: string): string {
  const [low, middle, high] = timeUuid.split('-');
  return `${high}${middle}${low}`;
}
