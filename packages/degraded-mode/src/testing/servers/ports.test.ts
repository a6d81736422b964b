import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { freePort, freePorts, isPortFree } from './ports.ts';

const loopback = { host: '127.0.0.1' };
const everywhere = { host: undefined };

/** Draws rows of ports, short enough to be had where other tests have thousands of ports. */
async function expectRowsBesides(taken: ReadonlySet<number>): Promise<void> {
  const length = 20;
  for (let times = 0; times < 25; times += 1) {
    const first = await freePorts(length);
    for (let port = first; port < first + length; port += 1) expect(taken).not.toContain(port);
  }
}

describe('freePort', () => {
  it('gives different ports that can be listened on', async () => {
    const ports = await Promise.all(Array.from({ length: 20 }, freePort));
    expect(new Set(ports).size).toBe(20);
    for (const port of ports) expect(await isPortFree(port, loopback)).toBe(true);
  });

  const withoutAddress = process.platform === 'linux' ? '' : ' (skipped: only Linux has 127.0.0.2)';
  it.skipIf(withoutAddress !== '')(
    `passes over what is taken at another address${withoutAddress}`,
    async () => {
      await using servers = new AsyncDisposableStack();
      const taken = new Set<number>();
      while (taken.size < 200) {
        const port = await freePort();
        const server = createServer();
        await once(server.listen(port, '127.0.0.2'), 'listening');
        servers.defer(async () => void server.close());
        taken.add(port);
      }
      await expectRowsBesides(taken);
    },
  );

  it('stays below the ports that outgoing connections get', async () => {
    expect(await freePort()).toBeLessThan(32_768);
  });
});

describe('freePorts', () => {
  it('gives consecutive ports that no other call gets', async () => {
    const count = 7;
    const firsts = await Promise.all(Array.from({ length: 20 }, () => freePorts(count)));
    const ports = firsts.flatMap((first) => Array.from({ length: count }, (_, n) => first + n));
    expect(new Set(ports).size).toBe(20 * count);
    for (const port of ports) expect(await isPortFree(port, loopback)).toBe(true);
  });

  it('skips a range with a port in use', async () => {
    const taken = new Set<number>();
    await using servers = new AsyncDisposableStack();
    // So many that among the rows, drawn blindly, one would nearly always hold one of them.
    for (let times = 0; times < 200; times += 1) {
      const port = await freePort();
      const server = createServer();
      await once(server.listen(port, '127.0.0.1'), 'listening');
      servers.defer(async () => void server.close());
      taken.add(port);
    }
    await expectRowsBesides(taken);
  });
});

describe('isPortFree', () => {
  it('is false while a process listens, on loopback or on every address', async () => {
    const server = createServer();
    const port = await freePort();
    await once(server.listen(port, '127.0.0.1'), 'listening');
    expect(await isPortFree(port, loopback)).toBe(false);
    expect(await isPortFree(port, everywhere)).toBe(false);
    await new Promise((resolve) => server.close(resolve));
    expect(await isPortFree(port, everywhere)).toBe(true);
  });

  it('throws other errors of listening', async () => {
    const elsewhere = { host: '192.0.2.1' }; // an address for documentation, of no machine
    await expect(isPortFree(await freePort(), elsewhere)).rejects.toThrow('EADDRNOTAVAIL');
  });
});
