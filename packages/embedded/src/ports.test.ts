import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { freePort, isPortFree } from './ports.ts';

const loopback = { host: '127.0.0.1' };
const everywhere = { host: undefined };

describe('freePort', () => {
  it('gives different ports that can be listened on', async () => {
    const ports = await Promise.all(Array.from({ length: 20 }, freePort));
    expect(new Set(ports).size).toBe(20);
    for (const port of ports) expect(await isPortFree(port, loopback)).toBe(true);
  });

  it('stays below the ports that outgoing connections get', async () => {
    expect(await freePort()).toBeLessThan(32_768);
  });
});

describe('isPortFree', () => {
  it('is false while somebody listens, on loopback and on every address', async () => {
    const server = createServer();
    const port = await freePort();
    await once(server.listen(port, '127.0.0.1'), 'listening');
    expect(await isPortFree(port, loopback)).toBe(false);
    expect(await isPortFree(port, everywhere)).toBe(false);
    await new Promise((resolve) => server.close(resolve));
    expect(await isPortFree(port, everywhere)).toBe(true);
  });

  it('throws what else prevents listening', async () => {
    const elsewhere = { host: '192.0.2.1' }; // an address for documentation, of no machine
    await expect(isPortFree(await freePort(), elsewhere)).rejects.toThrow('EADDRNOTAVAIL');
  });
});
