import type { ServerResponse } from 'node:http';

/** A signal that is aborted when the client of this reply goes before it was sent. */
export function clientLeftSignal(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  const closed = (): void => {
    if (!response.writableFinished) controller.abort();
  };
  if (response.closed) closed();
  else response.once('close', closed);
  return controller.signal;
}
