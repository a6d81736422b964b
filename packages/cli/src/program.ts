import { Command } from 'commander';
import manifest from '../package.json' with { type: 'json' };
import type { CommandContext } from './command.ts';
import { commands } from './commands.ts';

/** The tree of the commands. Instead of ending the process, it throws CommanderError. */
export function createProgram(context: CommandContext): Command {
  const { terminal } = context;
  const program = new Command('secureconnect')
    .description(manifest.description)
    .version(manifest.version, '-V, --version', 'show the version of this program')
    .option('--url <url>', 'the gateway (default: SECURECONNECT_URL, then that of the last login)')
    .option('--json', 'write results for programs: JSON, one value a line')
    .helpCommand('help [command]', 'show the help of a command')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => terminal.output.write(text),
      writeErr: (text) => terminal.errors.write(text),
      outputError: (text, write) => write(`${onOneLine(text)} See "secureconnect --help".\n`),
    })
    .exitOverride()
    .addHelpText('after', afterHelp);
  for (const add of commands) add(program, context);
  return program;
}

const afterHelp = `
Exit codes:
  0 done · 1 something is not normal (degraded, doctor) · 2 wrong usage · 3 not signed in
  4 refused · 5 refused for now, try again later · 6 no reply · 70 fault · 130 interrupted

Environment:
  SECURECONNECT_URL   the gateway, where --url is not given
  SECURECONNECT_HOME  the folder of sessions and outboxes (default: ~/.local/state/secureconnect)
  NO_COLOR            if it is set to anything, there are no colours`;

function onOneLine(text: string): string {
  const line = text.split(/\s+/).join(' ').trim();
  return /[.!?)]$/.test(line) ? line : `${line}.`;
}
