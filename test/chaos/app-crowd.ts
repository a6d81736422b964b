import { type Conversation, type CrowdOptions, meet } from './crowd.ts';
import { randomStream } from './random.ts';
import type { Account } from './users/account.ts';
import { AppUser } from './users/app-user.ts';

const names = ['app-1', 'app-2', 'app-3', 'app-4'];

interface AppCrowd {
  readonly apps: readonly AppUser[];
  readonly conversations: Conversation[];
}

/** Registers people with apps on packages/client, who talk with the hosts in two groups. */
export async function gatherApps(
  options: CrowdOptions,
  hosts: readonly Account[],
): Promise<AppCrowd> {
  const { cluster, history, now, seed } = options;
  const random = randomStream(seed, 'apps');
  const apps: AppUser[] = [];
  const ids: string[] = [];
  for (const name of names) {
    const { url: gatewayUrl } = random.pick(cluster.of('gateway'));
    const app = new AppUser({ name, random: randomStream(seed, name), gatewayUrl, now });
    ids.push(await app.register());
    apps.push(app);
    history.apps.push(app.record);
  }
  const conversations: Conversation[] = [];
  for (const size of [apps.length, 2]) {
    const conversation = await meet(hosts, ids.slice(0, size));
    conversations.push(conversation);
    for (const app of apps.slice(0, size)) app.record.conversationIds.push(conversation.id);
  }
  for (const app of apps) await app.open();
  return { apps, conversations };
}
