import { gatherAppCallers } from './app-call-crowd.ts';
import { type Crowd, meet, newClient } from './crowd.ts';
import type { CrowdOptions } from './crowd-options.ts';
import { Account } from './users/account.ts';
import { Ringer } from './users/ringer.ts';

/** Each pair makes about eight calls a minute. */
const pairs = 24;
const appPairs = 4;

/** Registers pairs of users who call each other, in normal operation. */
export async function gatherRingCrowd(options: CrowdOptions): Promise<Crowd> {
  const users: Ringer[] = [];
  const callers: Account[] = [];
  for (let number = 1; number <= pairs; number += 1) {
    const [caller, callee] = [
      await newAccount(options, `ringer-${number}`),
      await newAccount(options, `rung-${number}`),
    ];
    const { id: conversationId } = await meet([caller, callee]);
    callers.push(caller, callee);
    users.push(new Ringer({ caller, callee, conversationId, history: options.history }));
  }
  const apps = await gatherAppCallers(options, appPairs);
  return { users: [...users, ...apps], readers: new Map(), callers };
}

async function newAccount(options: CrowdOptions, name: string): Promise<Account> {
  const account = new Account(newClient(options, name, options.history.operations));
  if (!(await account.register())) throw new Error(`${name} could not register`);
  return account;
}
