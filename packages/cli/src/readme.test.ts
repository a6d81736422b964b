import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { beforeAll, expect, it } from 'vitest';
import { exitCodes } from './exit-codes.ts';
import { createProgram } from './program.ts';
import { terminalOf } from './terminal/terminal.ts';

let readme: string;
beforeAll(async () => {
  readme = await readFile(join(import.meta.dirname, '../README.md'), 'utf8');
});

function program() {
  const [input, output, errors] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const terminal = terminalOf({ environment: {}, input, output, errors });
  const { signal } = new AbortController();
  return createProgram({ terminal, signal, endWith: () => undefined });
}

it('names every command, and the parts of each', () => {
  const table = readme.split('\n## Commands\n')[1]?.split('\n## ')[0] ?? '';
  const named = [...table.matchAll(/`([^`]+)`/g)].flatMap(([, text = '']) =>
    text.split(/[^\w:-]+/),
  );
  for (const { commands, name } of [...program().commands].map((command) => ({
    commands: command.commands.map((part) => part.name()),
    name: command.name(),
  }))) {
    if (name === 'help') continue;
    expect(named, name).toEqual(expect.arrayContaining([name, ...commands]));
  }
});

it('names every exit code', () => {
  const codes = [...readme.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
  expect(codes).toEqual(Object.values(exitCodes));
});

it('is what the help says of exit codes', () => {
  let help = '';
  const shown = program().configureOutput({
    writeOut: (text) => {
      help += text;
    },
  });
  shown.outputHelp();
  for (const code of Object.values(exitCodes)) expect(help).toMatch(new RegExp(`\\b${code} \\w`));
});
