/**
 * The load generator, in a process of its own. Closed loop: so many senders, each of which waits for
 * its reply, as each group of an Alertmanager does.
 */
import { Agent, request } from 'node:http';
import { endWithParent, tellParent } from '../support/child.ts';
import type { TrafficName } from './names.ts';
import { Traffic } from './traffic.ts';

export interface Load {
  /** Senders are spread evenly over them. */
  readonly urls: readonly string[];
  readonly token: string;
  readonly traffic: TrafficName;
  readonly label: string;
  readonly senders: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
}

/** What came of a load. */
export interface Loaded {
  /** Of each accepted delivery that was begun and answered while it was measured. */
  readonly latenciesMs: Float64Array;
  readonly seconds: number;
  readonly refused: number;
  readonly outcomes: Record<string, number>;
}

const agent = new Agent({ keepAlive: true, maxSockets: 256 });

/** Sends one delivery; resolves to its status and to what the reply says of the alert. */
function deliver(url: string, token: string, body: string): Promise<[number, string]> {
  return new Promise((resolve, reject) => {
    const sending = request(
      `${url}/api/v1/signals/prometheus`,
      {
        method: 'POST',
        agent,
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          authorization: `Bearer ${token}`,
        },
      },
      (reply) => {
        const chunks: Buffer[] = [];
        reply.on('data', (chunk: Buffer) => chunks.push(chunk));
        reply.once('error', reject);
        reply.once('end', () => {
          const said = /"status":"(\w+)"/.exec(Buffer.concat(chunks).toString())?.[1] ?? '';
          resolve([reply.statusCode ?? 0, said]);
        });
      },
    );
    sending.once('error', reject);
    sending.end(body);
  });
}

async function run(load: Load): Promise<void> {
  const { urls, token, senders } = load;
  const traffic = new Traffic(load.traffic, load.label);
  const before = traffic.before();
  const spread = (send: (url: string) => Promise<void>): Promise<unknown> =>
    Promise.all(
      Array.from({ length: senders }, (_, sender) => send(urls[sender % urls.length] ?? '')),
    );
  await spread(async (url) => {
    for (const body of before) await deliver(url, token, body);
  });

  const fromMs = performance.now() + load.warmUpSeconds * 1000;
  const untilMs = fromMs + load.seconds * 1000;
  const latenciesMs: number[] = [];
  const outcomes: Record<string, number> = {};
  let refused = 0;
  await spread(async (url) => {
    for (let beganMs = performance.now(); beganMs < untilMs; ) {
      const [status, outcome] = await deliver(url, token, traffic.next());
      const endedMs = performance.now();
      if (beganMs >= fromMs && endedMs <= untilMs) {
        if (status === 201 || status === 202) latenciesMs.push(endedMs - beganMs);
        else refused += 1;
        outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      }
      beganMs = endedMs;
    }
  });
  const { seconds } = load;
  tellParent({ latenciesMs: Float64Array.from(latenciesMs), seconds, refused, outcomes });
}

endWithParent();
process.on('message', (load: Load) => void run(load));
