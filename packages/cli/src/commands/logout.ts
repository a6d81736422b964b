import type { AddCommand, GlobalOptions } from '../command.ts';
import { connectSignedIn, naming } from '../session/connect.ts';

/** `logout`: ends the session on the server, and forgets it here. */
export const addLogout: AddCommand = (program, context) => {
  program
    .command('logout')
    .summary('end the session on the server, and forget it here')
    .description(
      'End the session on the server, and forget it here. If the server refuses for now, the session stays; messages in the outbox stay in any case.',
    )
    .action(async (_options, command) => {
      const options: GlobalOptions = command.optsWithGlobals();
      const { client, place } = await connectSignedIn(context, options);
      await naming('POST /v1/auth/logout', client.signOut({ signal: context.signal }));
      if (options.json) context.terminal.writeJson({ server: place.url, signed_in: false });
      else context.terminal.writeLine(`Signed out at ${place.url}.`);
    });
};
