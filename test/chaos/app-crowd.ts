import type { CrowdOptions } from './crowd-options.ts';
import { randomStream } from './random.ts';
import { AppUser } from './users/app-user.ts';

/** A person with an app on packages/client, and the id of their account. */
export interface AppMember {
  readonly app: AppUser;
  readonly userId: string;
}

/** Registers so many people with apps; the caller puts them into conversations, then opens them. */
export async function registerApps(
  options: CrowdOptions,
  count: number,
): Promise<readonly AppMember[]> {
  const { cluster, history, now, seed } = options;
  const random = randomStream(seed, 'apps');
  const members: AppMember[] = [];
  for (let number = 1; number <= count; number += 1) {
    const name = `app-${number}`;
    const { url: gatewayUrl } = random.pick(cluster.of('gateway'));
    const app = await AppUser.create({ name, random: randomStream(seed, name), gatewayUrl, now });
    members.push({ app, userId: await app.register() });
    history.apps.push(app.record);
  }
  return members;
}

/** Lets everybody hear, before anybody speaks. */
export async function openApps(members: readonly AppMember[]): Promise<void> {
  for (const { app } of members) await app.open();
}
