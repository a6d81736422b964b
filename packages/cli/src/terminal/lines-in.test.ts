import { LostReplyError } from '@secureconnect/client';
import { expect, it } from 'vitest';
import { linesIn } from './lines-in.ts';

/** A reply in pieces, which may end in an error. */
function replyOf(pieces: readonly string[], error?: Error): Response {
  const bytes = pieces.map((piece) => Buffer.from(piece, 'latin1'));
  return new Response(
    new ReadableStream({
      pull(controller) {
        const next = bytes.shift();
        if (next !== undefined) controller.enqueue(next);
        else if (error === undefined) controller.close();
        else controller.error(error);
      },
    }),
  );
}

it('gives whole lines, however they are cut', async () => {
  // The two bytes of an "ë" come apart.
  const lines: string[] = [];
  const reply = replyOf(['on', 'e\ntw\u00c3', '\u00ab\n', 'three']);
  for await (const line of linesIn(reply)) lines.push(line);
  expect(lines).toEqual(['one', 'twë', 'three']);
});

it('gives what came before the connection was lost', async () => {
  const lines = linesIn(replyOf(['one\ntw'], new Error('reset')));
  expect((await lines.next()).value).toBe('one');
  await expect(lines.next()).rejects.toThrow(LostReplyError);
});
