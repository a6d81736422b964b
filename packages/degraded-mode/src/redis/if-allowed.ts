import { readErrorReply } from './error-reply.ts';

/** Asks a server what its users may be denied to ask; undefined if this one is. */
export async function ifAllowed<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    const isDenied = error instanceof Error && readErrorReply(error.message).code === 'NOPERM';
    if (isDenied) return undefined;
    throw error;
  }
}
