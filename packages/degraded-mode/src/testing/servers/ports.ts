import { createServer } from 'node:net';
import { claimPort } from './port-claims.ts';

// Below the local ports of outgoing connections (Linux from 32768, macOS from 49152). Otherwise a
// client that reconnects to a stopped server could get that port as its local one and connect to
// itself.
const minPort = 10_240;
const maxPort = 32_767;
const handedOut = new Set<number>();

/**
 * Whether a server could listen on this port.
 * @param host default: every address
 * @throws the system's error if it is not a port in use, but for example a forbidden one.
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
 * A port on which nothing listens, at any address. This process gets each port at most once, and no
 * other process of this user gets it at the same time.
 */
export function freePort(): Promise<number> {
  return freePorts(1);
}

/** The first of `count` consecutive ports, free as with `freePort`. */
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
 * Claims the port before it tries it: a try listens for a moment, during which the server that has
 * the claim could not listen. Tries both addresses, because macOS lets servers listen on both at
 * once.
 */
async function isToBeHad(port: number): Promise<boolean> {
  return (
    (await claimPort(port)) &&
    (await isPortFree(port, { host: '127.0.0.1' })) &&
    (await isPortFree(port, { host: undefined }))
  );
}
