import type { KeyNotice } from '@secureconnect/contracts';
import type { Sql } from '@secureconnect/postgres';
import { createLogger } from '@secureconnect/service';
import { LogLines } from '@secureconnect/testkit';
import { expect, it } from 'vitest';
import { tellLowStock } from './tell-low-stock.ts';

/** Tells what low stock SQL finds; the notices of each call of the port, and the log. */
async function told(query: Sql['query'], deviceIds: readonly string[]) {
  using lines = new LogLines();
  const log = createLogger({ service: 'auth', level: 'warn', write: lines.write });
  const calls: (readonly KeyNotice[])[] = [];
  const keyNotices = { tell: async (notices: readonly KeyNotice[]) => void calls.push(notices) };
  const database: Sql = { query, execute: () => expect.unreachable('nothing else is written') };
  await tellLowStock({ database, keyNotices, log }, 'ada', deviceIds);
  return { calls, log: lines.all.join('') };
}

/** What SQL returns: the stock by device. */
const finds =
  (stock: Readonly<Record<string, string>>): Sql['query'] =>
  async <Row>() =>
    Object.entries(stock).map(([session_id, left]) => ({ session_id, stock: left }) as Row);

it('tells all devices that run low in one call', async () => {
  const { calls } = await told(finds({ phone: '19', tablet: '0' }), ['phone', 'tablet', 'desk']);
  const at = expect.any(String);
  expect(calls).toEqual([
    [
      { user_id: 'ada', device_id: 'phone', one_time_keys: 19, at },
      { user_id: 'ada', device_id: 'tablet', one_time_keys: 0, at },
    ],
  ]);
});

it('does not use the port where no device runs low, so that no reply names it', async () => {
  expect((await told(finds({}), ['phone'])).calls).toEqual([]);
});

it('asks SQL nothing where no key was given out', async () => {
  const { calls, log } = await told(async () => expect.unreachable('asked'), []);
  expect([calls, log]).toEqual([[], '']);
});

it('logs a failure of SQL, and lets the keys reach whoever asked for them', async () => {
  const fails = async (): Promise<never> => {
    throw new Error('the statement took too long');
  };
  const { calls, log } = await told(fails, ['phone']);
  expect(calls).toEqual([]);
  expect(log).toContain('low stock of one-time pre-keys not told');
});
