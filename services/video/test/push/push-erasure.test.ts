import { someone } from '@secureconnect/tokens/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eraseUser } from '../../src/erase-user.ts';
import { newPushScene, type PushScene } from './push-scene.ts';

let scene: PushScene;
beforeAll(async () => {
  scene = await newPushScene();
});
afterAll(() => scene[Symbol.asyncDispose]());

it('erasing a user removes their tokens, and waiting pushes to them and about them', async () => {
  const { world, video } = scene;
  const [ada, bob, eve] = [someone(), someone(), someone()];
  for (const user of [ada, bob, eve]) await scene.device(user);
  await world.redis.kill();
  await video.ring(eve, await world.conversation(eve, ada));
  await video.ring(ada, await world.conversation(ada, bob));
  const ownersOf = async (table: string, column: string): Promise<string[]> => {
    const rows = await world.database.query<{ id: string }>(
      `SELECT ${column} AS id FROM ${table} WHERE ${column} = ANY($1::uuid[])`,
      [[ada, bob, eve].map(({ userId }) => userId)],
    );
    return rows.map(({ id }) => id).toSorted();
  };
  expect(await ownersOf('video.outbox', 'owner_id')).toEqual([ada.userId, bob.userId].toSorted());
  await eraseUser(world.database, ada.userId);
  expect(await ownersOf('video.push_tokens', 'user_id')).toEqual(
    [bob.userId, eve.userId].toSorted(),
  );
  const left = await world.database.query<{ payload: unknown }>(
    'SELECT payload FROM video.outbox WHERE payload IS NOT NULL',
  );
  expect(JSON.stringify(left)).not.toContain(ada.userId);
});
