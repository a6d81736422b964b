import { setTimeout as delay } from 'node:timers/promises';

/** A reply, with its time in milliseconds since the request was due. */
export interface Timed {
  readonly status: number;
  readonly ms: number;
}

export interface User {
  readonly email: string;
  readonly password: string;
}

let addresses = 0;

/** An address of its own for each request, as of many clients behind a trusted proxy. */
function nextAddress(): string {
  addresses += 1;
  return `10.${(addresses >> 16) & 255}.${(addresses >> 8) & 255}.${addresses & 255}`;
}

/** Sends a JSON body from a new address; resolves to the reply and its text. */
export async function post(url: string, body: object): Promise<Timed & { readonly text: string }> {
  const startedAt = performance.now();
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': nextAddress() },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, text, ms: performance.now() - startedAt };
}

/** Gets a page so often per second, by the clock, whatever becomes of earlier requests. */
export async function getByTheClock(
  url: string,
  token: string,
  { perSecond, forMs }: { readonly perSecond: number; readonly forMs: number },
): Promise<Timed[]> {
  const headers = { authorization: `Bearer ${token}` };
  const startedAt = performance.now();
  const replies: Promise<Timed>[] = [];
  const count = Math.floor((forMs / 1000) * perSecond);
  for (let index = 0; index < count; index += 1) {
    const dueAt = startedAt + (index * 1000) / perSecond;
    const waitMs = dueAt - performance.now();
    if (waitMs > 0) await delay(waitMs);
    const reply = fetch(url, { headers }).then(async (response): Promise<Timed> => {
      await response.text();
      return { status: response.status, ms: performance.now() - dueAt };
    });
    replies.push(reply);
  }
  return Promise.all(replies);
}
