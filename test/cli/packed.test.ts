import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { installPacked, promisedNodes } from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CliWorld } from './world.ts';

/** An empty folder into which the tarball was installed. */
let folder: string;
beforeAll(async () => {
  folder = await installPacked('cli');
});
afterAll(() => rm(folder, { recursive: true }));

describe('the packed program', () => {
  describe.each(promisedNodes)('under $name', ({ node, skipReason }) => {
    const title = `sends messages and follows them${skipReason}`;
    it.skipIf(skipReason)(title, { timeout: 90_000 }, async () => {
      const bin = join(folder, 'node_modules/secureconnect/dist/bin.js');
      await using world = await CliWorld.start([node, bin]);
      const [ada, bob] = [await world.signedIn(), await world.signedIn()];
      const tail = bob.start(['tail', `@${ada.username}`]);
      await tail.shows('(connected)');
      const id = await ada.done(['send', `@${bob.username}`, 'from a tarball']);
      await tail.shows(`${ada.username}: from a tarball`);
      tail.child.kill('SIGINT');
      // Nothing else: no warning of Node.js, for instance.
      expect(await tail.ended).toMatchObject({ code: 0, stderr: '(connected)\n' });
      expect(id).toMatch(/^[0-9a-f-]{36}$/);
      expect(await ada.done(['degraded', '--once', '--all'])).toContain('POST /v1/auth/login');
    });
  });
});
