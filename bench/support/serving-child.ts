import { Child, type ChildOptions } from './child.ts';

/** A child that serves on a port of loopback. */
export interface ServingChild extends AsyncDisposable {
  readonly port: number;
  readonly pid: number;
  /** As of Child. */
  ask(message: object | string, limitMs: number): Promise<unknown>;
}

const startLimitMs = 30_000;

/**
 * Starts a child and waits for its message `{ kind: 'listening', port }`; `onMessage` gets the
 * others.
 * @throws Error if it ends before, or takes too long
 */
export async function startServing({ onMessage, ...options }: ChildOptions): Promise<ServingChild> {
  const listening = Promise.withResolvers<number>();
  await using parts = new AsyncDisposableStack();
  const child = parts.use(
    new Child({
      ...options,
      onMessage(message) {
        const told = message as { kind: string; port: number };
        if (told.kind === 'listening') listening.resolve(told.port);
        else onMessage?.(message);
      },
    }),
  );
  const port = await child.beforeEnd(listening.promise, startLimitMs, 'the start');
  const owned = parts.move();
  return {
    port,
    pid: child.pid,
    ask: (message, limitMs) => child.ask(message, limitMs),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
