import { mkdtemp, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { claimPort } from './port-claims.ts';

it('gives a port to one of many concurrent requests, and to a later one when the claim has expired', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'claims-'));
  const directory = join(parent, 'not-there-yet');
  try {
    const claims = await Promise.all(
      Array.from({ length: 20 }, () => claimPort(20_197, directory)),
    );
    expect(claims.filter((claimed) => claimed)).toHaveLength(1);
    expect(await claimPort(20_198, directory)).toBe(true);
    expect(await claimPort(20_197, directory)).toBe(false);
    const longAgo = new Date(Date.now() - 121_000);
    await utimes(join(directory, '20197'), longAgo, longAgo);
    expect(await claimPort(20_197, directory)).toBe(true);
    expect(await claimPort(20_197, directory)).toBe(false);
  } finally {
    await rm(parent, { recursive: true });
  }
});
