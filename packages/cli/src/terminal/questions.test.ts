import { PassThrough, Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { InterruptedError, Questions } from './questions.ts';
import { terminalOf } from './terminal.ts';

/** An input that is a terminal or not, and everything that was written to the errors. */
function scene({ isTTY }: { readonly isTTY: boolean }) {
  const input = Object.assign(new PassThrough(), { isTTY });
  let shown = '';
  const errors = new Writable({
    write: (chunk, _encoding, done) => {
      shown += String(chunk);
      done();
    },
  });
  const output = new PassThrough();
  const terminal = terminalOf({ environment: {}, input, output, errors });
  const questions = new Questions(terminal, new AbortController().signal);
  return { input, questions, shown: () => shown };
}

describe('questions', () => {
  it('do not show a secret that is typed, and do show other answers', async () => {
    const { input, questions, shown } = scene({ isTTY: true });
    const email = questions.ask('E-mail');
    input.write('ada@example.com\r');
    expect(await email).toBe('ada@example.com');
    const password = questions.ask('Password', { isSecret: true });
    input.write('correct horse\r');
    expect(await password).toBe('correct horse');
    expect(shown()).toContain('E-mail: ');
    expect(shown()).toContain('ada@example.com');
    expect(shown()).toContain('Password: ');
    expect(shown()).not.toContain('correct');
  });

  it('end at Ctrl-C', async () => {
    const { input, questions } = scene({ isTTY: true });
    const password = questions.ask('Password', { isSecret: true });
    input.write('\u0003');
    await expect(password).rejects.toThrow(InterruptedError);
  });

  it('are answered by the lines of an input that is no terminal, all written at once', async () => {
    const { input, questions, shown } = scene({ isTTY: false });
    input.end('ada@example.com\ncorrect horse\n');
    expect(await questions.ask('E-mail')).toBe('ada@example.com');
    expect(await questions.ask('Password', { isSecret: true })).toBe('correct horse');
    await expect(questions.ask('Code')).rejects.toThrow('Code: the input has ended');
    expect(shown()).toBe('');
  });
});
