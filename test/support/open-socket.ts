import { SocketClient } from '@secureconnect/testkit';

/** Opens a socket as a browser would: the token stands in the query. A frame has two seconds to come. */
export function openSocket(url: string, token: string): Promise<SocketClient> {
  const options = { tokenIn: 'query', patienceMs: 2000 } as const;
  return SocketClient.open(url.replace(/^http/, 'ws'), token, options);
}
