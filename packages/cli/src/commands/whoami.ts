import type { AddCommand, GlobalOptions } from '../command.ts';
import { connectSignedIn } from '../session/connect.ts';
import { safeLine } from '../terminal/safe-text.ts';

/** `whoami`: the signed-in user, as the server knows them. */
export const addWhoami: AddCommand = (program, context) => {
  program
    .command('whoami')
    .summary('show who is signed in, and where')
    .description('Show who is signed in, and at which server.')
    .action(async (_options, command) => {
      const options: GlobalOptions = command.optsWithGlobals();
      const { place, request } = await connectSignedIn(context, options);
      const user = await request('GET /v1/users/me', {}, { signal: context.signal });
      if (options.json) return context.terminal.writeJson({ ...user, server: place.url });
      const name = safeLine(`${user.display_name} (${user.username}, ${user.email})`);
      context.terminal.writeLine(`${name} at ${place.url}, user ${user.user_id}`);
    });
};
