import { type AppMember, openApps, registerApps } from './app-crowd.ts';
import { type Crowd, meet, newClient } from './crowd.ts';
import type { CrowdOptions } from './crowd-options.ts';
import { Account } from './users/account.ts';
import { Talker } from './users/talker.ts';

/**
 * Talkers speak HTTP and frames by themselves, straight to the instances of chat: the client hides what
 * is judged of them, which is each reply with its status and its fallbacks, and each frame, also a second
 * one. What is stored in the end is read by them, too, past the limits of the gateway.
 */
const talkers = 12;
const apps = 48;
/** Everybody is in one large group, one of twelve and one of three. */
const groupSizes = [20, 12, 3];

type Person = AppMember | Account;

/** Registers sixty people, most of them with apps, and creates their groups, in normal operation. */
export async function gatherChatCrowd(options: CrowdOptions): Promise<Crowd> {
  const accounts = await registerTalkers(options);
  const members = await registerApps(options, apps);
  const idsOf = new Map(accounts.map((account) => [account, [] as string[]]));
  const readers = new Map<string, Account>();
  for (const [number, group] of groupsOf(mixed(accounts, members)).entries()) {
    const own = group.filter((person) => person instanceof Account);
    const host = accounts[number % accounts.length];
    // A group of apps alone is made and read by a talker.
    const hosts = own.length > 0 || host === undefined ? own : [host];
    const inGroup = group.filter((person) => 'app' in person);
    const { id } = await meet(
      hosts,
      inGroup.map(({ userId }) => userId),
    );
    for (const { app } of inGroup) app.record.conversationIds.push(id);
    for (const account of hosts) {
      idsOf.get(account)?.push(id);
      readers.set(id, account);
    }
  }
  await openApps(members);
  const users = [...idsOf].map(
    ([account, conversationIds]) =>
      new Talker({ account, conversationIds, history: options.history }),
  );
  return { users: [...users, ...members.map(({ app }) => app)], readers, callers: [] };
}

async function registerTalkers(options: CrowdOptions): Promise<readonly Account[]> {
  const accounts: Account[] = [];
  for (let number = 1; number <= talkers; number += 1) {
    const client = newClient(options, `talker-${number}`, options.history.operations);
    const account = new Account(client);
    if (!(await account.register())) throw new Error(`talker-${number} could not register`);
    accounts.push(account);
  }
  return accounts;
}

/** The talkers among the others, at equal distances. */
function mixed(accounts: readonly Account[], members: readonly AppMember[]): readonly Person[] {
  const each = members.length / accounts.length;
  return accounts.flatMap((account, number) => [
    account,
    ...members.slice(number * each, (number + 1) * each),
  ]);
}

/** Cuts the crowd into groups of each size, shifted so that not the same people meet again. */
function groupsOf(people: readonly Person[]): Person[][] {
  return groupSizes.flatMap((groupSize, shift) => {
    const shifted = [...people.slice(shift * 7), ...people.slice(0, shift * 7)];
    const groups: Person[][] = [];
    for (let from = 0; from < people.length; from += groupSize) {
      groups.push(shifted.slice(from, from + groupSize));
    }
    return groups;
  });
}
