import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A user as docs/redis.md has it. */
export interface DocumentedUser {
  readonly name: string;
  /** What follows the name in the line, with a password in its place. */
  readonly rules: readonly string[];
  /** The commands that it may run. */
  readonly commands: readonly string[];
}

export const documentedPassword = 'a-password-of-the-tests';

const doc = join(import.meta.dirname, '../../../docs/redis.md');

/** The users that docs/redis.md tells operators to make: of servers, cluster nodes and sentinels. */
export function documentedUsers(): readonly [DocumentedUser, DocumentedUser, DocumentedUser] {
  const lines = [...readFileSync(doc, 'utf8').matchAll(/^```acl\nuser (.+)\n```$/gm)];
  const [server, node, sentinel, ...more] = lines.map(([, line = '']) => userOf(line));
  if (server === undefined || node === undefined || sentinel === undefined || more.length > 0) {
    throw new Error(`docs/redis.md has ${lines.length} users; expected three`);
  }
  return [server, node, sentinel];
}

function userOf(line: string): DocumentedUser {
  const [name = '', ...words] = line.split(' ');
  const rules = words.map((word) => (word === '>PASSWORD' ? `>${documentedPassword}` : word));
  const commands = rules.filter((rule) => rule.startsWith('+')).map((rule) => rule.slice(1));
  return { name, rules, commands };
}
