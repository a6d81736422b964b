import { describe, expect, it } from 'vitest';
import { bySetting, failClosed, failOpen, resolveFallback } from './fallback.ts';

describe('resolveFallback', () => {
  const open = failOpen.skip();
  const closed = failClosed({ retryAfterSeconds: 5 });
  const declared = bySetting('ENABLE_STATELESS_AUTH', { on: open, off: closed });

  it.each([
    ['on when the setting is true', { ENABLE_STATELESS_AUTH: true }, open],
    ['off when the setting is false', { ENABLE_STATELESS_AUTH: false }, closed],
    ['off when nobody set it', {}, closed],
    ['off when another setting is true', { ENABLE_REDIS_FALLBACK: true }, closed],
  ])('chooses %s', (_what, settings, expected) => {
    expect(resolveFallback(declared, settings)).toBe(expected);
  });

  it('leaves a plain fallback as it is, whatever the settings', () => {
    expect(resolveFallback(open, { ENABLE_STATELESS_AUTH: true })).toBe(open);
  });
});
