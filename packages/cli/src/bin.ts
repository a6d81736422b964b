#!/usr/bin/env node
import { main } from './main.ts';
import { processTerminal } from './terminal/terminal.ts';

/** `npx secureconnect`. Ctrl-C asks a command to end; a second one ends it at once. */
const interruption = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => interruption.abort());
}
process.exitCode = await main(process.argv.slice(2), processTerminal(), interruption.signal);
