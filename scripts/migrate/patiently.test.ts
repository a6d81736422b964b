import { describe, expect, it } from 'vitest';
import { patiently } from './patiently.ts';

class Passing extends Error {}

const failures = (...errors: readonly Error[]) => {
  const left = [...errors];
  return async (): Promise<string> => {
    const error = left.shift();
    if (error !== undefined) throw error;
    return 'done';
  };
};

const patience = (waitSeconds: number) => {
  const told: unknown[] = [];
  const isPassing = (error: unknown): boolean => error instanceof Passing;
  const onFailure = (error: unknown): void => void told.push(error);
  return { told, options: { waitSeconds, isPassing, onFailure, intervalMs: 1 } };
};

describe('waiting for a server that is starting', () => {
  it('tries again until it succeeds, and tells each failure', async () => {
    const { told, options } = patience(60);
    const [one, two] = [new Passing('one'), new Passing('two')];
    expect(await patiently(failures(one, two), options)).toBe('done');
    expect(told).toEqual([one, two]);
  });

  it('throws at once what time does not cure', async () => {
    const { told, options } = patience(60);
    await expect(patiently(failures(new Error('denied')), options)).rejects.toThrow('denied');
    expect(told).toEqual([]);
  });

  it('throws the first failure where nothing was said about waiting', async () => {
    const { options } = patience(0);
    await expect(patiently(failures(new Passing('away')), options)).rejects.toThrow('away');
  });

  it('throws the last failure when the time is up', async () => {
    const { options } = patience(0.05);
    const always = async (): Promise<never> => {
      throw new Passing('away');
    };
    await expect(patiently(always, options)).rejects.toThrow('away');
  });
});
