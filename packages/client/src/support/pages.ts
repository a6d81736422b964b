/** Tells something to the other pages that share a store. */
export interface Pages<Word> {
  tell(word: Word): void;
  close(): void;
}

interface Channel {
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  postMessage(message: unknown): void;
  close(): void;
  unref?(): void;
}

/**
 * @param name of what is talked about
 * @param onWord called with what another page tells
 */
export function openPages<Word>(name: string, onWord: (word: Word) => void): Pages<Word> {
  const { BroadcastChannel } = globalThis as unknown as {
    readonly BroadcastChannel?: new (name: string) => Channel;
  };
  if (BroadcastChannel === undefined) return { tell: () => undefined, close: () => undefined };
  const channel = new BroadcastChannel(name);
  channel.onmessage = ({ data }) => onWord(data as Word);
  // In Node.js it would keep the process.
  channel.unref?.();
  return { tell: (word) => channel.postMessage(word), close: () => channel.close() };
}
