import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { AddCommand, CommandContext } from '../command.ts';
import { CommandError, UsageError } from '../errors.ts';
import { exitCodes } from '../exit-codes.ts';

interface RotateOptions {
  readonly algorithm?: string;
  readonly compromised?: boolean;
  readonly checkout: string;
}

/** Below a checkout of SecureConnect. */
const rotateCommand = 'services/auth/src/commands/rotate-keys.ts';

/** `keys:rotate`: runs the command of auth, which writes the key into the database. */
export const addKeysRotate: AddCommand = (program, context) => {
  program
    .command('keys:rotate')
    .summary('rotate the keys that sign tokens (in a checkout, with its database)')
    .description(
      'Rotate the keys that sign tokens. The private key is made and encrypted beside the database and passes no API: so this runs "npm run keys:rotate" of a checkout of SecureConnect, with DATABASE_URL and SIGNING_KEYS_SECRET as auth has them.',
    )
    .option('--algorithm <name>', 'EdDSA or RS256 (default: EdDSA)')
    .option('--compromised', 'all other keys end at once')
    .option('--checkout <folder>', 'the checkout', '.')
    .addHelpText('after', elsewhere)
    .action(async (options: RotateOptions) => rotate(context, options));
};

const elsewhere = `
Without a checkout, run it where auth runs:
  docker-compose exec -T auth-service node src/commands/rotate-keys.ts
  kubectl -n secureconnect exec deployment/auth-service -- node src/commands/rotate-keys.ts`;

async function rotate({ signal, terminal }: CommandContext, options: RotateOptions): Promise<void> {
  const checkout = checkoutAbove(resolve(options.checkout));
  const { algorithm, compromised } = options;
  const words = [
    ...(algorithm === undefined ? [] : ['--algorithm', algorithm]),
    ...(compromised === true ? ['--compromised'] : []),
  ];
  const child = spawn('npm', ['run', '--silent', 'keys:rotate', '--', ...words], {
    cwd: checkout,
    env: terminal.environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
  });
  child.stdout.pipe(terminal.output, { end: false });
  child.stderr.pipe(terminal.errors, { end: false });
  const [code]: unknown[] = await once(child, 'close');
  if (code === 0) return;
  throw new CommandError(exitCodes.refused, 'The keys are not rotated; see the lines above.');
}

/** @throws UsageError where there is none */
function checkoutAbove(folder: string): string {
  for (let each = folder; ; each = dirname(each)) {
    if (existsSync(join(each, rotateCommand))) return each;
    if (dirname(each) === each)
      throw new UsageError(
        `${folder} is in no checkout of SecureConnect; see "secureconnect keys:rotate --help" for other places.`,
      );
  }
}
