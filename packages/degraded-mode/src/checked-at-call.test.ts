import { describe, expect, it } from 'vitest';
import { refusalOf } from '../test/bound-row.ts';
import { RowBinding } from './binding.ts';
import { DegradedMode } from './degraded-mode.ts';
import { failClosed } from './fallback.ts';
import { definePorts } from './port.ts';
import { DegradedRefusal } from './refusal.ts';
import { liveTable } from './table.ts';

const ports = definePorts({ directory: { redis: { find: async (name: string) => name } } });
const directory = failClosed({ retryAfterSeconds: 7, checkedAt: 'call' });
const row = { route: 'POST /groups', operation: 'making a group', whenRedisDown: { directory } };

function bind(fallbackEnabled = true) {
  const mode = new DegradedMode({ service: 'test', classify: () => undefined, fallbackEnabled });
  mode.availability.recordFailure({ severity: 'hard', reason: 'refused' });
  const binding = new RowBinding<typeof ports, (typeof row)['whenRedisDown']>(row, ports, mode);
  return { mode, binding };
}

describe('a port that fails closed when it is used', () => {
  it('does not refuse a request that may not need it', () => {
    const { binding, mode } = bind();
    expect(refusalOf(binding)).toBeUndefined();
    expect(liveTable('test', mode, [binding]).rows).toEqual([
      {
        route: 'POST /groups',
        operation: 'making a group',
        mode: 'fail_open',
        ports: { directory: 'fail closed when used (503, Retry-After 7)' },
      },
    ]);
  });

  it('refuses the request that calls it', async () => {
    const call = bind().binding.begin().ports.directory.find('ada');
    await expect(call).rejects.toThrow(DegradedRefusal);
    await expect(call).rejects.toMatchObject({ port: 'directory', retryAfterSeconds: 7 });
  });

  it('refuses every request where fallbacks are forbidden', () => {
    expect(refusalOf(bind(false).binding)).toBeInstanceOf(DegradedRefusal);
  });
});
