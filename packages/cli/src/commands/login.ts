import { hostname } from 'node:os';
import type { AddCommand, CommandContext, GlobalOptions } from '../command.ts';
import { type Connection, connect, naming } from '../session/connect.ts';
import { rememberServer } from '../session/place.ts';
import { isTotpCode } from '../session/totp-code.ts';
import { Questions } from '../terminal/questions.ts';
import { safeLine } from '../terminal/safe-text.ts';

interface LoginOptions extends GlobalOptions {
  readonly email?: string;
  readonly deviceName: string;
}

/** `login`: a session that the later commands use. */
export const addLogin: AddCommand = (program, context) => {
  program
    .command('login')
    .summary('sign in; later commands use the session')
    .description(
      'Sign in. The password and the code of a second factor are asked for without echo; where the input is no terminal, they are its next lines. The session is kept in a folder that only you can read, and later commands go to the same server.',
    )
    .option('--email <address>', 'the e-mail address of the account (default: asked for)')
    .option(
      '--device-name <name>',
      'shown in your list of sessions',
      `secureconnect at ${hostname()}`,
    )
    .addHelpText('after', examples)
    .action(async (_options, command) => {
      const options: LoginOptions = command.optsWithGlobals();
      const connection = await connect(context, options);
      const { place, request } = connection;
      await signIn(connection, context, options);
      await rememberServer(context.terminal.environment, place);
      const user = await request('GET /v1/users/me', {}, { signal: context.signal });
      if (options.json) return context.terminal.writeJson({ ...user, server: place.url });
      context.terminal.writeLine(`Signed in as ${safeLine(user.username)} at ${place.url}.`);
    });
};

const examples = `
Examples:
  secureconnect login --url https://chat.example.com --email ada@example.com
  secureconnect login --email ada@example.com < password-file`;

/** A code of a second factor may also be one of the recovery codes, which have a different shape. */
async function signIn(
  { client, request }: Connection,
  { signal, terminal }: CommandContext,
  { deviceName, email }: LoginOptions,
): Promise<void> {
  using questions = new Questions(terminal, signal);
  const body = {
    email: email ?? (await questions.ask('E-mail')),
    password: await questions.ask('Password', { isSecret: true }),
    device_name: deviceName,
  };
  const result = await naming('POST /v1/auth/login', client.signIn(body, { signal }));
  if (result.isSignedIn) return;
  const { challenge } = result.challenge;
  const code = (await questions.ask('Code of the second factor', { isSecret: true })).trim();
  const answer = isTotpCode(code) ? { code } : { recovery_code: code };
  const route = 'POST /v1/auth/login/second-factor';
  await client.adopt(await request(route, { body: { challenge, ...answer } }, { signal }));
}
