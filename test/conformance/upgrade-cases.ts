import type { Sample } from '@secureconnect/testkit';
import { setSocketScene } from './socket-scene.ts';
import type { TableRow } from './tables.ts';
import type { SentCase } from './ways.ts';

const samples: Readonly<Record<string, Sample>> = {
  'WS /v1/ws/chat': {
    status: 101,
    async prepare(world) {
      const { ada, conversationId } = await setSocketScene(world);
      const path = `/v1/ws/chat?conversation_id=${conversationId}`;
      return { path, token: ada.token, effect: 'none: sockets are in memory alone' };
    },
  },
  'WS /v1/ws/signaling': {
    status: 101,
    async prepare(world) {
      const { ada, callId } = await setSocketScene(world);
      const path = `/v1/ws/signaling?call_id=${callId}`;
      return { path, token: ada.token, effect: 'none: sockets are in memory alone' };
    },
  },
};

/** A socket for each row of the gateway that passes one on. Throws, naming it, when a row has none. */
export function upgradeCases(rows: readonly TableRow[]): SentCase[] {
  return rows
    .filter(({ kind, service }) => kind === 'upgrade' && service === 'gateway')
    .map((row) => {
      const sample = samples[row.policy.route];
      if (sample === undefined) throw new Error(`there is no socket for ${row.policy.route}`);
      return { to: 'gateway', method: 'WS', sample, served: undefined, passed: row };
    });
}
