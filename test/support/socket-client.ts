/** A frame as it came, parsed; its shape is what the test is about. */
export type Frame = Readonly<Record<string, unknown>> & { readonly type: string };

export interface SocketClient extends Disposable {
  send(frame: object): void;
  /** The next frame that fits; each is given out once. Rejects after two seconds. */
  next(fits: (frame: Frame) => boolean): Promise<Frame>;
}

const longestMs = 2000;

/** Opens a WebSocket as a browser would: the token stands in the query. */
export async function openSocket(url: string, token: string): Promise<SocketClient> {
  const address = new URL(url.replace(/^http/, 'ws'));
  address.searchParams.set('access_token', token);
  const socket = new WebSocket(address);
  const waiting: { fits: (frame: Frame) => boolean; take: (frame: Frame) => void }[] = [];
  const frames: Frame[] = [];
  socket.addEventListener('message', ({ data }) => {
    const frame: Frame = JSON.parse(String(data));
    const index = waiting.findIndex(({ fits }) => fits(frame));
    if (index < 0) frames.push(frame);
    else waiting.splice(index, 1)[0]?.take(frame);
  });
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve(), { once: true });
    socket.addEventListener('error', () => reject(new Error(`${url} was refused`)), { once: true });
  });
  return {
    send: (frame) => socket.send(JSON.stringify(frame)),
    next(fits) {
      const index = frames.findIndex(fits);
      const [known] = index < 0 ? [] : frames.splice(index, 1);
      if (known !== undefined) return Promise.resolve(known);
      return new Promise((resolve, reject) => {
        const timer = setTimeout(
          () => reject(new Error(`no such frame; there were ${JSON.stringify(frames)}`)),
          longestMs,
        );
        waiting.push({
          fits,
          take: (frame) => {
            clearTimeout(timer);
            resolve(frame);
          },
        });
      });
    },
    [Symbol.dispose]: () => socket.close(),
  };
}
