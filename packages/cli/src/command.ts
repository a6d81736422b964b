import type { Command } from 'commander';
import type { ExitCode } from './exit-codes.ts';
import type { Terminal } from './terminal/terminal.ts';

/** Options that every command takes, before or after its name. */
export interface GlobalOptions {
  /** The gateway. Default: SECURECONNECT_URL, then the server of the last login. */
  readonly url?: string;
  /** Whether the output is for programs. */
  readonly json?: boolean;
}

/** What a command works with. */
export interface CommandContext {
  readonly terminal: Terminal;
  /** Aborts at Ctrl-C. */
  readonly signal: AbortSignal;
  /** Ends the process with this code; without it a command that throws nothing ends with 0. */
  endWith(code: ExitCode): void;
}

/** Adds one command to the program: its arguments, options, help and action. */
export type AddCommand = (program: Command, context: CommandContext) => void;
