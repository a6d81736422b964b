import { describe, expect, it } from 'vitest';
import { bySetting, byValue, failClosed, failOpen, resolveFallback } from './fallback.ts';

describe('resolveFallback', () => {
  const open = failOpen.skip();
  const closed = failClosed({ retryAfterSeconds: 5 });
  const declared = bySetting('ENABLE_STATELESS_AUTH', { on: open, off: closed });

  it.each([
    ['on when the setting is true', { ENABLE_STATELESS_AUTH: true }, open],
    ['off when the setting is false', { ENABLE_STATELESS_AUTH: false }, closed],
  ])('chooses %s', (_what, settings, expected) => {
    expect(resolveFallback(declared, settings)).toBe(expected);
  });

  it('does not take a misspelt setting for one that is off', () => {
    expect(() => resolveFallback(declared, { ENABLE_STATELES_AUTH: true })).toThrow(
      'there is no setting ENABLE_STATELESS_AUTH; the settings are: ENABLE_STATELES_AUTH',
    );
  });

  it.each([
    ['refuse', closed],
    ['skip', open],
  ])('chooses that of the value %s', (value, expected) => {
    const choices = byValue('WITHOUT_REDIS', { refuse: closed, skip: open });
    expect(resolveFallback(choices, { WITHOUT_REDIS: value })).toBe(expected);
  });

  it.each(['durable', 'toString', true])('refuses the value %s without a fallback', (value) => {
    const choices = byValue('WITHOUT_REDIS', { refuse: closed, skip: open });
    expect(() => resolveFallback(choices, { WITHOUT_REDIS: value })).toThrow(
      `WITHOUT_REDIS is ${value}; fallbacks are declared for: refuse, skip`,
    );
  });

  it('leaves a plain fallback as it is, whatever the settings', () => {
    expect(resolveFallback(open, { ENABLE_STATELESS_AUTH: true })).toBe(open);
  });
});
