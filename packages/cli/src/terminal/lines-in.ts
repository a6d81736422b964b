import { LostReplyError } from '@secureconnect/client';

/**
 * The whole lines of a reply, as they come.
 * @throws LostReplyError where the connection is lost before its end
 */
export async function* linesIn(reply: Response): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunksIn(reply)) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

async function* chunksIn({ body }: Response): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of body ?? []) yield chunk;
  } catch (cause) {
    throw new LostReplyError('the reply has ended too early', { cause });
  }
}
