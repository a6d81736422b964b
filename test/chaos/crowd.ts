import { textField } from '@secureconnect/testkit';
import { gatherAppCallers } from './app-call-crowd.ts';
import { openApps, registerApps } from './app-crowd.ts';
import { Client } from './client.ts';
import type { CrowdOptions } from './crowd-options.ts';
import type { Operation } from './history.ts';
import { randomStream } from './random.ts';
import { Account } from './users/account.ts';
import { AlertSender } from './users/alert-sender.ts';
import { Befrienders } from './users/befrienders.ts';
import { Caller } from './users/caller.ts';
import { Chatter } from './users/chatter.ts';
import { FactorAccount } from './users/factor-account.ts';
import { FactorUser } from './users/factor-user.ts';
import { Hammer } from './users/hammer.ts';
import { Intruder } from './users/intruder.ts';
import { KeyTakers } from './users/key-takers.ts';
import { Leaver } from './users/leaver.ts';
import { Ringer } from './users/ringer.ts';
import { Uploader } from './users/uploader.ts';
import type { SimulatedUser } from './users/user.ts';

export interface Crowd {
  readonly users: readonly SimulatedUser[];
  /** A reader of every followed conversation. */
  readonly readers: ReadonlyMap<string, Account>;
  /** Those whose history of calls is read. */
  readonly callers: readonly Account[];
}

/** A client whose doings go into the given list. */
export function newClient(options: CrowdOptions, user: string, into: Operation[]): Client {
  const { cluster, now, seed } = options;
  const random = randomStream(seed, user);
  return new Client({ cluster, now, user, random, record: (operation) => into.push(operation) });
}

const chatterNames = [1, 2, 3, 4, 5, 6].map((number) => `chatter-${number}`);
const otherNames = [
  ...['hammer-1', 'hammer-2', 'leaver-1', 'leaver-2', 'uploader', 'caller'],
  ...['ringer', 'rung'],
];
const takerNames = [1, 2, 3, 4, 5, 6].map((number) => `taker-${number}`);

const appPairs = 2;
const appWriters = 4;

/** Who talks with whom. */
const groups = {
  pair: ['chatter-1', 'chatter-2'],
  four: ['chatter-1', 'chatter-2', 'chatter-3', 'chatter-4'],
  others: ['chatter-3', 'chatter-4', 'chatter-5', 'chatter-6'],
  talk: ['hammer-1', 'chatter-6'],
  call: ['caller', 'hammer-2'],
  ring: ['ringer', 'rung'],
} as const;

export interface Conversation {
  readonly id: string;
  readonly members: readonly Account[];
}
type Conversations = Readonly<Record<keyof typeof groups, Conversation>>;
type AccountNamed = (name: string) => Account;

/** Registers users and creates their conversations, in normal operation. */
export async function gatherCrowd(options: CrowdOptions): Promise<Crowd> {
  const accounts = new Map<string, Account>();
  for (const name of [
    ...chatterNames,
    ...otherNames,
    'friend-1',
    'friend-2',
    'key-owner',
    ...takerNames,
  ]) {
    const account = new Account(newClient(options, name, options.history.operations));
    if (!(await account.register())) throw new Error(`${name} could not register`);
    accounts.set(name, account);
  }
  const named: AccountNamed = (name) => {
    const account = accounts.get(name);
    if (account === undefined) throw new Error(`nobody is called ${name}`);
    return account;
  };
  const made = Object.entries(groups).map(
    async ([name, members]) => [name, await meet(members.map(named))] as const,
  );
  const factorAccounts: FactorAccount[] = [];
  for (const name of ['factor-1', 'factor-2']) {
    const account = new FactorAccount(newClient(options, name, options.history.operations));
    if (!(await account.enrol())) throw new Error(`${name} could not add a second factor`);
    factorAccounts.push(account);
  }
  const conversations = Object.fromEntries(await Promise.all(made)) as Conversations;
  const readers = new Map<string, Account>();
  for (const { id, members } of Object.values(conversations)) {
    for (const member of members) readers.set(id, member);
  }
  const factorUsers = factorAccounts.map((account) => new FactorUser(account));
  const callers = [...groups.call, ...groups.ring].map(named);
  const appCallers = await gatherAppCallers(options, appPairs);
  const host = named('friend-1');
  const members = await registerApps(options, appWriters);
  for (const group of [members, members.slice(0, 2)]) {
    const { id } = await meet(
      [host],
      group.map(({ userId }) => userId),
    );
    readers.set(id, host);
    for (const { app } of group) app.record.conversationIds.push(id);
  }
  await openApps(members);
  const apps = [...appCallers, ...members.map(({ app }) => app)];
  const users = [...usersOf(options, conversations, named), ...factorUsers, ...apps];
  return { users, readers, callers };
}

function usersOf(
  options: CrowdOptions,
  conversations: Conversations,
  named: AccountNamed,
): SimulatedUser[] {
  const { history } = options;
  const { talk, call, ring } = conversations;
  const chatters = chatterNames.map(named);
  const all = Object.values(conversations);
  return [
    ...chatters.map((account) => {
      const own = all.filter(({ members }) => members.includes(account));
      const friends = chatters.filter((other) => other !== account).map(({ userId }) => userId);
      const conversationIds = own.map(({ id }) => id);
      return new Chatter({ account, conversationIds, friends, history });
    }),
    new Hammer({ account: named('hammer-1'), what: 'messages', conversationId: talk.id }),
    new Hammer({ account: named('hammer-2'), what: 'uploads', conversationId: call.id }),
    new Leaver(named('leaver-1')),
    new Leaver(named('leaver-2')),
    new Uploader(named('uploader')),
    new Caller({ caller: named('caller'), callee: named('hammer-2'), conversationId: call.id }),
    new Ringer({
      ...{ caller: named('ringer'), callee: named('rung'), conversationId: ring.id, history },
    }),
    new Befrienders([named('friend-1'), named('friend-2')], history),
    new KeyTakers(named('key-owner'), takerNames.map(named)),
    ...['intruder-1', 'intruder-2'].map((name) => intruder(options, name)),
    ...['alertmanager-1', 'alertmanager-2'].map(
      (name) => new AlertSender(newClient(options, name, history.operations), 'a name each'),
    ),
    new AlertSender(newClient(options, 'alertmanager-3', history.operations), 'one name'),
  ];
}

/** One stream of random choices for all the accounts that an intruder tries. */
function intruder(options: CrowdOptions, name: string): Intruder {
  const { random } = newClient(options, name, options.history.operations).options;
  const { cluster, now, history } = options;
  const record = (operation: Operation) => history.operations.push(operation);
  return new Intruder(() => new Client({ cluster, now, user: name, random, record }));
}

/** Makes a group of these people, and of others by their ids. */
export async function meet(
  members: readonly Account[],
  otherIds: readonly string[] = [],
): Promise<Conversation> {
  const [host, ...others] = members;
  const token = await host?.token();
  if (host === undefined || token === undefined) throw new Error('there is nobody to begin');
  const participants = [...others.map(({ userId }) => userId), ...otherIds];
  const body = { type: 'group', title: 'chaos', participant_ids: participants };
  const { data } = await host.client.send('create conversation', { token, body, expected: [201] });
  return { id: textField(data, 'conversation_id'), members };
}
