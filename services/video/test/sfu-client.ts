import type { SfuAccess } from '@secureconnect/contracts';

/** A participant of a LiveKit room who only signals: no media, no browser. */
export interface SfuClient extends AsyncDisposable {
  /** Resolves when the server has ended the connection. */
  readonly closed: Promise<void>;
}

/** Joins by the signaling protocol of LiveKit. Rejects with the status and text of a refusal. */
export async function joinRoom({
  url,
  token,
}: Pick<SfuAccess, 'url' | 'token'>): Promise<SfuClient> {
  const query = new URLSearchParams({ access_token: token, protocol: '15', auto_subscribe: '1' });
  const validated = await fetch(`${url.replace(/^ws/, 'http')}/rtc/validate?${query}`);
  // The text of a refusal contains the token.
  if (!validated.ok) throw new Error(`refused with ${validated.status}`);
  const socket = new WebSocket(`${url}/rtc?${query}`);
  const closed = new Promise<void>((resolve) => {
    socket.addEventListener('close', () => resolve(), { once: true });
  });
  const isOpen = new Promise<boolean>((resolve) => {
    socket.addEventListener('message', () => resolve(true), { once: true });
    socket.addEventListener('close', () => resolve(false), { once: true });
  });
  if (!(await isOpen)) throw new Error('refused');
  return {
    closed,
    async [Symbol.asyncDispose]() {
      socket.close();
      await closed;
    },
  };
}
