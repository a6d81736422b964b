import type { Cluster } from './cluster.ts';
import type { History } from './history.ts';
import { randomStream } from './random.ts';
import { AppCaller } from './users/app-caller.ts';
import { AppPhone } from './users/app-phone.ts';

export interface AppCallersOptions {
  readonly seed: string;
  readonly cluster: Cluster;
  readonly history: History;
  readonly now: () => number;
}

/** Registers pairs of people with apps on packages/client, who call each other. */
export async function gatherAppCallers(
  options: AppCallersOptions,
  pairs: number,
): Promise<readonly AppCaller[]> {
  const { cluster, history, now, seed } = options;
  const callers: AppCaller[] = [];
  for (let number = 1; number <= pairs; number += 1) {
    const random = randomStream(seed, `app-caller-${number}`);
    const phone = (name: string) =>
      new AppPhone({
        name: `${name}-${number}`,
        gatewayUrl: random.pick(cluster.of('gateway')).url,
        now,
        record: (call) => history.appCalls.push(call),
      });
    const [caller, callee] = [phone('app-caller'), phone('app-callee')];
    await caller.open(random.integer(0, 1e9));
    const calleeId = await callee.open(random.integer(0, 1e9));
    const type = 'direct' as const;
    const body = { type, participant_ids: [calleeId] };
    const { conversation_id: conversationId } = await caller.client.request(
      'POST /v1/conversations',
      { body },
    );
    callers.push(
      new AppCaller({ name: `app-caller-${number}`, random, caller, callee, conversationId }),
    );
  }
  return callers;
}
