import { createServer } from 'node:net';
import { claimPort } from './port-claims.ts';

// Below the range from which Linux (32768 up) and macOS (49152 up) take the local ports of outgoing
// connections: a client that keeps dialling the port of a stopped server can otherwise be given that
// very port and so connect to itself.
const minPort = 10_240;
const maxPort = 32_767;
const handedOut = new Set<number>();

/**
 * Whether one could listen on this port.
 * @param host undefined: every address
 * @throws the system's error when it is something else than a port in use, such as a forbidden one.
 */
export function isPortFree(port: number, { host }: { host: string | undefined }): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => {
      if ('code' in error && error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    });
    const address = host === undefined ? { port } : { port, host };
    server.listen({ ...address, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/**
 * A port on which nothing listens, at any address. This process is given each port at most once, and no
 * other process of this user is given it at the same time.
 */
export function freePort(): Promise<number> {
  return freePorts(1);
}

/** The first of so many ports in a row, as `freePort` gives one. */
export async function freePorts(count: number): Promise<number> {
  for (let attempt = 0; attempt < 1000; attempt += 1) {
    const first = minPort + Math.floor(Math.random() * (maxPort - minPort + 2 - count));
    const ports = Array.from({ length: count }, (_, index) => first + index);
    if (ports.some((port) => handedOut.has(port))) continue;
    for (const port of ports) handedOut.add(port);
    const free = await Promise.all(ports.map(isToBeHad));
    if (!free.includes(false)) return first;
  }
  throw new Error(`No ${count} free ports in a row between ${minPort} and ${maxPort}`);
}

/**
 * Claimed before it is tried: trying means listening for a moment, in which the server that the port was
 * given to could not. It is tried in both ways, as macOS lets either listen beside the other.
 */
async function isToBeHad(port: number): Promise<boolean> {
  return (
    (await claimPort(port)) &&
    (await isPortFree(port, { host: '127.0.0.1' })) &&
    (await isPortFree(port, { host: undefined }))
  );
}
