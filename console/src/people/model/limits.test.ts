import { portNames } from '@secureconnect/contracts';
import { eventually } from '@secureconnect/testkit';
import { describe, expect, it } from 'vitest';
import type { Api } from './api.ts';
import { limitWords } from './limit-words.ts';
import { Limits } from './limits.ts';

/** A server that says whether it is degraded. */
function server() {
  const state = { isDegraded: true, asked: 0 };
  const request = async () => {
    state.asked += 1;
    return { degraded: false, fleet: { degraded: state.isDegraded, instances: [], rows: [] } };
  };
  return { state, api: { request } as unknown as Api };
}

describe('the limits', () => {
  it('say what a person notices, once, and nothing of what nobody notices', () => {
    using limits = opened(server().api);
    limits.noteDegraded(['fan-out', 'rate-limit']);
    limits.noteDegraded(['fan-out']);
    expect(limits.sentences.value).toEqual([limitWords['fan-out']]);
  });

  it('are limits also where nobody notices them', () => {
    using limits = opened(server().api);
    limits.noteDegraded(['rate-limit']);
    expect([limits.isLimited.value, limits.sentences.value]).toEqual([true, []]);
  });

  it('end when no instance is degraded any more, and not before', async () => {
    const { api, state } = server();
    using limits = opened(api);
    limits.noteRefusal('You cannot sign out now.');
    await eventually(() => expect(state.asked).toBeGreaterThan(1));
    expect(limits.sentences.value).toEqual(['You cannot sign out now.']);
    state.isDegraded = false;
    await eventually(() => expect(limits.isLimited.value).toBe(false));
  });

  it('have words for every port, and for no other', () => {
    const ports = Object.values(portNames).flatMap((byDependency) => Object.values(byDependency));
    expect(Object.keys(limitWords).sort()).toEqual([...new Set(ports.flat())].sort());
  });
});

function opened(api: Api): Limits & Disposable {
  const limits = new Limits({ api, checkEveryMs: 5 });
  return Object.assign(limits, { [Symbol.dispose]: () => limits.close() });
}
