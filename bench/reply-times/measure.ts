import type { Times } from './guess.ts';

/** A request of which the time must not tell whether anybody has the address. */
export interface Probe {
  readonly name: string;
  readonly path: string;
  readonly body: (email: string) => Readonly<Record<string, string>>;
  readonly status: number;
}

/** The times of a probe, and those of the request that came next on the same connection. */
export interface Measured {
  readonly own: Times;
  readonly next: Times;
}

const registeredAtOnce = 4;

/** Registers so many users and returns their addresses. */
export async function registerUsers(url: string, prefix: string, count: number): Promise<string[]> {
  const names = Array.from({ length: count }, (_, index) => `${prefix}_known_${index}`);
  for (let from = 0; from < count; from += registeredAtOnce) {
    await Promise.all(
      names.slice(from, from + registeredAtOnce).map((username) =>
        post(`${url}/v1/auth/register`, 201, {
          email: addressOf(username),
          username,
          password: 'correct horse battery',
          display_name: username,
        }),
      ),
    );
  }
  return names.map(addressOf);
}

/** Sends a probe once for each address, in random order, each after the reply to the one before. */
export async function measure(url: string, probe: Probe, known: readonly string[]) {
  const unknown = known.map((address) => address.replace('_known_', '_absent_'));
  const addresses = shuffled([
    ...known.map((email) => ({ email, isKnown: true })),
    ...unknown.map((email) => ({ email, isKnown: false })),
  ]);
  const own = { known: [] as number[], unknown: [] as number[] };
  const next = { known: [] as number[], unknown: [] as number[] };
  for (const { email, isKnown } of addresses) {
    const kind = isKnown ? 'known' : 'unknown';
    const target = `${url}${probe.path}`;
    own[kind].push(await timed(() => post(target, probe.status, probe.body(email))));
    next[kind].push(await timed(() => get(`${url}/live`)));
  }
  return { own, next } satisfies Measured;
}

function addressOf(username: string): string {
  return `${username}@example.com`;
}

async function timed(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

async function post(url: string, status: number, body: object): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (response.status !== status) throw new Error(`${url} answered ${response.status}: ${text}`);
}

async function get(url: string): Promise<void> {
  await (await fetch(url)).text();
}

function shuffled<T>(values: readonly T[]): T[] {
  return values
    .map((value) => ({ value, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ value }) => value);
}
