import { randomBytes } from 'node:crypto';

/** From the beginning of the Gregorian calendar to that of Unix, in milliseconds (RFC 9562, 5.1). */
const gregorianToUnixMs = 12_219_292_800_000n;
const ticksPerMs = 10_000n;

/** A UUID version 1 and the millisecond that it carries. */
export interface TimeUuid {
  readonly id: string;
  readonly at: Date;
}

const version1 = /^([0-9a-f]{8})-([0-9a-f]{4})-1([0-9a-f]{3})-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** The millisecond that a UUID version 1 (in lower case) carries; undefined for any other text. */
export function timeOf(id: string): Date | undefined {
  const [, low, middle, high] = version1.exec(id) ?? [];
  if (low === undefined || middle === undefined || high === undefined) return undefined;
  const ticks = BigInt(`0x${high}${middle}${low}`);
  return new Date(Number(ticks / ticksPerMs - gregorianToUnixMs));
}

/**
 * Generates version 1 UUIDs (RFC 9562, 5.1), which Cassandra calls timeuuid. Each carries a later
 * time than the previous one, also if the clock is set back. The node is random, as section 6.10
 * allows.
 */
export class TimeUuidGenerator {
  readonly #node: string;
  readonly #clockSequence: string;
  readonly #now: () => number;
  #lastTicks = 0n;

  /** `now` gives milliseconds since the Unix epoch. */
  constructor(now: () => number = Date.now) {
    this.#now = now;
    const node = randomBytes(6);
    // The multicast bit: no network card has such an address.
    node.writeUInt8(node.readUInt8(0) | 0x01, 0);
    this.#node = node.toString('hex');
    const sequence = randomBytes(2).readUInt16BE() & 0x3fff;
    this.#clockSequence = (sequence | 0x8000).toString(16);
  }

  /** Whether an id is one of this generator's. */
  made(id: string): boolean {
    return id.endsWith(`-${this.#clockSequence}-${this.#node}`);
  }

  next(): TimeUuid {
    const ticks = (BigInt(this.#now()) + gregorianToUnixMs) * ticksPerMs;
    this.#lastTicks = ticks > this.#lastTicks ? ticks : this.#lastTicks + 1n;
    const hex = this.#lastTicks.toString(16).padStart(15, '0');
    const [high, middle, low] = [hex.slice(0, 3), hex.slice(3, 7), hex.slice(7)];
    const id = `${low}-${middle}-1${high}-${this.#clockSequence}-${this.#node}`;
    return { id, at: new Date(Number(this.#lastTicks / ticksPerMs - gregorianToUnixMs)) };
  }
}

/** The millisecond that a version 1 UUID carries. Throws RangeError for another kind of id. */
export function timeOfTimeUuid(id: string): Date {
  const [low = '', middle = '', high = ''] = id.split('-');
  if (!high.startsWith('1')) throw new RangeError(`${id} is not a UUID of version 1`);
  const ticks = BigInt(`0x${high.slice(1)}${middle}${low}`);
  return new Date(Number(ticks / ticksPerMs - gregorianToUnixMs));
}
