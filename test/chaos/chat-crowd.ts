import { gatherApps } from './app-crowd.ts';
import { type Crowd, type CrowdOptions, meet, newClient } from './crowd.ts';
import { Account } from './users/account.ts';
import { Talker } from './users/talker.ts';

const size = 60;
/** Everybody is in one large group, one of twelve and one of three. */
const groupSizes = [20, 12, 3];

/** Registers sixty users, and some with apps, and creates their groups, in normal operation. */
export async function gatherChatCrowd(options: CrowdOptions): Promise<Crowd> {
  const accounts: Account[] = [];
  for (let number = 1; number <= size; number += 1) {
    const client = newClient(options, `talker-${number}`, options.history.operations);
    const account = new Account(client);
    if (!(await account.register())) throw new Error(`talker-${number} could not register`);
    accounts.push(account);
  }
  const conversationIds = new Map(accounts.map((account) => [account, [] as string[]]));
  const readers = new Map<string, Account>();
  const { apps, conversations } = await gatherApps(options, accounts.slice(0, 2));
  for (const members of groupsOf(accounts)) conversations.push(await meet(members));
  for (const { id, members } of conversations) {
    for (const member of members) {
      conversationIds.get(member)?.push(id);
      readers.set(id, member);
    }
  }
  const users = [...conversationIds].map(
    ([account, ids]) => new Talker({ account, conversationIds: ids, history: options.history }),
  );
  return { users: [...users, ...apps], readers, callers: [] };
}

/** Cuts the crowd into groups of each size, shifted so that not the same people meet again. */
function groupsOf(accounts: readonly Account[]): Account[][] {
  return groupSizes.flatMap((groupSize, shift) => {
    const shifted = [...accounts.slice(shift * 7), ...accounts.slice(0, shift * 7)];
    const groups: Account[][] = [];
    for (let from = 0; from < size; from += groupSize) {
      groups.push(shifted.slice(from, from + groupSize));
    }
    return groups;
  });
}
