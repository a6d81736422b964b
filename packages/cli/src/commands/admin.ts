import type { DataOf, Schemas } from '@secureconnect/client';
import type { Command } from 'commander';
import type { AddCommand, CommandContext, GlobalOptions } from '../command.ts';
import { accountIdOf } from '../session/account-id.ts';
import { connectSignedIn } from '../session/connect.ts';
import { firstOf } from '../session/pages.ts';
import { withStepUp } from '../session/step-up.ts';
import { localTime } from '../terminal/local-time.ts';
import { wholeNumber } from '../terminal/numbers.ts';
import { tableOf } from '../terminal/table.ts';
import { addAudit } from './admin-audit.ts';

interface ListOptions extends GlobalOptions {
  readonly limit: number;
}

type ChangeRoute =
  | 'POST /v1/admin/users/:user_id/disable'
  | 'POST /v1/admin/users/:user_id/enable'
  | 'POST /v1/admin/users/:user_id/end-sessions'
  | 'POST /v1/admin/users/:user_id/reset-factors';

/** Each change of an account by its name, with its route and help. */
const changes: readonly (readonly [name: string, route: ChangeRoute, description: string])[] = [
  [
    'disable',
    'POST /v1/admin/users/:user_id/disable',
    'Disable an account and end its sessions. Its sign-in is refused in the words of a wrong password.',
  ],
  ['enable', 'POST /v1/admin/users/:user_id/enable', 'Enable an account again.'],
  [
    'end-sessions',
    'POST /v1/admin/users/:user_id/end-sessions',
    'End every session of an account.',
  ],
  [
    'reset-factors',
    'POST /v1/admin/users/:user_id/reset-factors',
    'Remove the second factors and passkeys of an account: then the password alone signs in. Verify first who asks for it.',
  ],
];

/** `admin`: accounts, for administrators. */
export const addAdmin: AddCommand = (program, context) => {
  const admin = program
    .command('admin')
    .summary('list and change accounts, export the audit log (administrators)')
    .description(
      'For administrators. Changes need a sign-in of the last minutes: the password is asked for where that is missing. Begin and end drills by "drill".',
    );
  admin
    .command('users')
    .description('List accounts, by user name.')
    .argument('[search]', 'an id, or how an e-mail address or user name begins')
    .option('--limit <count>', 'the maximum to list', wholeNumber(1, 10_000), 20)
    .action(async (search: string | undefined, _options, command) => {
      await listUsers(search, context, command.optsWithGlobals());
    });
  addAudit(admin, context);
  for (const change of changes) addChange(admin, context, change);
};

async function listUsers(
  search: string | undefined,
  context: CommandContext,
  options: ListOptions,
): Promise<void> {
  const { signal, terminal } = context;
  const { request } = await connectSignedIn(context, options);
  const users = await firstOf(
    options.limit,
    (query) => {
      const whole = search === undefined ? query : { ...query, search };
      return request('GET /v1/admin/users', { query: whole }, { signal });
    },
    (page) => page.users,
  );
  if (options.json) {
    for (const user of users) terminal.writeJson(user);
    return;
  }
  if (users.length === 0) return terminal.note('There is no such account.');
  const headings = ['USER', 'NAME', 'E-MAIL', 'ROLE', 'SESSIONS', 'STATE'];
  terminal.writeLines(tableOf(headings, users.map(cellsOf)));
}

function cellsOf(user: Schemas['AdminUser']): readonly string[] {
  const { disabled_at: disabledAt, email, role, user_id: id, username } = user;
  const state = disabledAt === null ? '' : `disabled since ${localTime(disabledAt)}`;
  return [id, username, email, role, String(user.live_sessions), state];
}

function addChange(
  admin: Command,
  context: CommandContext,
  [name, route, description]: (typeof changes)[number],
): void {
  admin
    .command(name)
    .description(description)
    .argument('<user>', 'the id, e-mail address or user name of the account')
    .action(async (user: string, _options, command) => {
      const options: GlobalOptions = command.optsWithGlobals();
      const { signal, terminal } = context;
      const { request } = await connectSignedIn(context, options);
      const path = { user_id: await accountIdOf(user, request, signal) };
      const changed = await withStepUp(context, request, () =>
        request(route, { path }, { signal, isRepeatable: true }),
      );
      if (options.json) terminal.writeJson(changed);
      else terminal.writeLine(sentenceOf(changed));
    });
}

function sentenceOf(changed: DataOf<ChangeRoute>): string {
  if ('factors_removed' in changed)
    return `Removed ${changed.factors_removed} factors of ${changed.user_id}.`;
  const state = changed.disabled ? 'disabled' : 'enabled';
  return `Account ${changed.user_id} is ${state}; ${changed.sessions_ended} sessions ended.`;
}
