import { eventually } from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CliWorld, type User } from './world.ts';

let world: CliWorld;
let ada: User;
beforeAll(async () => {
  world = await CliWorld.start();
  ada = await world.signedIn('ada');
  await world.makeAdmin(ada);
});
afterAll(() => world[Symbol.asyncDispose]());

/** Each attempt is a process, and counts against the limit of an address. */
const patiently = { timeoutMs: 30_000, intervalMs: 1000 };

const untilNormal = () =>
  eventually(async () => expect((await ada.run(['degraded', '--once'])).code).toBe(0), patiently);

describe('degraded', { timeout: 120_000 }, () => {
  it('shows that everything works, and every row where they are asked for', async () => {
    await untilNormal();
    expect(await ada.done(['degraded'])).toMatch(/^Everything works: 5 instances normal\.\n/);
    const all = await ada.done(['degraded', '--all']);
    expect(all).toMatch(/auth +normal +POST \/v1\/auth\/login +new-sessions: fail closed/);
  });

  it('shows what refuses while Redis is down, and that it is over', async () => {
    await untilNormal();
    const watch = ada.start(['degraded', '--watch', '--every', '4', '--json']);
    await watch.shows('"degraded":false');
    await world.stack.redis.kill();
    await watch.shows('"degraded":true');
    await eventually(async () => {
      const { code, stdout } = await ada.run(['degraded', '--once']);
      expect(code).toBe(1);
      expect(stdout).toMatch(
        /^Degraded since .*; gateway, auth, chat, video\. Routes: \d+ refused, \d+ with a fallback\./,
      );
      expect(stdout).toMatch(/auth +refuses +POST \/v1\/auth\/login +/);
    }, patiently);
    expect(await ada.done(['whoami'])).toContain('ada@example.com');
    const login = await ada.run(['login', '--email', ada.email], {
      input: `${world.password}\n`,
    });
    expect(login).toMatchObject({ code: 5, stdout: '' });
    expect(login.stderr).toMatch(
      /^error: POST \/v1\/auth\/login refuses for now, because the server has lost its Redis\. Nothing has happened; try again in \d+ s\./,
    );
    const whoami = await ada.run(['whoami']);
    expect(whoami.stderr).toMatch(/^degraded: GET \/v1\/users\/me went on with a fallback for /);
    const { stdout } = await ada.run(['degraded', '--once', '--json']);
    const { rows } = JSON.parse(stdout);
    const row = rows.find((each: { route: string }) => each.route === 'GET /v1/users/me');
    expect(row.used.revocations).toBeGreaterThanOrEqual(2);
    await world.stack.redis.restart();
    await untilNormal();
    await eventually(() => expect(watch.lines().at(-1)).toContain('"degraded":false'), patiently);
    watch.child.kill('SIGINT');
    expect((await watch.ended).code).toBe(0);
    const seen = watch.lines().map((line) => JSON.parse(line).degraded);
    expect(seen.filter((state, index) => state !== seen[index - 1])).toEqual([false, true, false]);
  });

  it('says where nobody answers', async () => {
    ada.network.set('cut');
    const { code, stderr } = await ada.run(['degraded', '--once']);
    ada.network.set('up');
    expect({ code, stderr }).toMatchObject({
      code: 6,
      stderr: expect.stringMatching(/^error: no reply/),
    });
  });
});

describe('drill', { timeout: 120_000 }, () => {
  it('begins, is listed and ends', async () => {
    await untilNormal();
    const id = await ada.done(['drill', 'start', '--services', 'chat', '--for', '120']);
    expect(await ada.done(['drill', 'list'])).toContain(`${id}  redis in chat`);
    await eventually(async () => {
      const { code, stdout } = await ada.run(['degraded', '--once']);
      expect(code).toBe(1);
      expect(stdout).toMatch(/: drill until .*; chat\./);
    }, patiently);
    expect(await ada.done(['drill', 'end', id])).toContain(`Ended ${id}`);
    expect((await ada.run(['drill', 'list'])).stderr).toBe('There is no drill under way.\n');
    await untilNormal();
  });

  it('is refused to others, and with a wrong service', async () => {
    const bob = await world.signedIn('bob');
    const refused = await bob.run(['drill', 'start']);
    expect(refused).toMatchObject({ code: 4, stdout: '' });
    const wrong = await ada.run(['drill', 'start', '--services', 'mail']);
    expect(wrong).toMatchObject({ code: 2 });
    expect(wrong.stderr).toContain('expected gateway, auth, chat, video, storage');
  });
});

describe('admin', { timeout: 120_000 }, () => {
  it('lists accounts, disables and enables them, and ends their sessions', async () => {
    const eve = await world.signedIn('eve');
    expect(await ada.done(['admin', 'users', 'eve'])).toMatch(/eve +eve@example\.com +user +\d/);
    expect(await ada.done(['admin', 'disable', 'eve@example.com'])).toContain('is disabled');
    await eventually(async () => expect((await eve.run(['whoami'])).code).toBe(3), patiently);
    expect(await ada.done(['admin', 'enable', 'eve'])).toContain('is enabled');
    const input = `${world.password}\n`;
    await eve.done(['login', '--email', eve.email], { input });
    expect(await ada.done(['admin', 'end-sessions', eve.userId])).toContain('1 sessions ended');
    expect((await ada.run(['admin', 'disable', 'nobody'])).code).toBe(4);
    expect((await eve.run(['admin', 'users'])).code).toBe(3);
  });

  it('exports the audit log, entry by entry', async () => {
    const all = entriesIn(await ada.done(['admin', 'audit']));
    expect(all.length).toBeGreaterThan(2);
    expect(all.map(({ sequence }) => sequence)).toEqual(all.map((_entry, index) => index + 1));
    const rest = entriesIn(await ada.done(['admin', 'audit', '--after', '2']));
    expect(rest[0]).toMatchObject({ sequence: 3 });
  });

  it('asks for the password where the sign-in is old', async () => {
    await world.query(
      `UPDATE auth.sessions SET created_at = created_at - interval '310 s', stepped_up_at = NULL
       WHERE user_id = $1`,
      [ada.userId],
    );
    const unanswered = await ada.run(['admin', 'enable', 'ada']);
    expect(unanswered).toMatchObject({ code: 2, stdout: '' });
    expect(unanswered.stderr).toContain('the input has ended');
    const input = `${world.password}\n`;
    expect(await ada.done(['admin', 'enable', 'ada'], { input })).toContain('is enabled');
    expect(await ada.done(['admin', 'enable', 'ada'])).toContain('is enabled');
  });
});

function entriesIn(output: string): { readonly sequence: number }[] {
  return output.split('\n').map((line) => JSON.parse(line));
}
