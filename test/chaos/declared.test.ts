import { describe, expect, it } from 'vitest';
import { countedLimitOf } from './declared.ts';

const subjects = { user: 'ada', session: 'a session' };

describe('the limit that a request is counted against', () => {
  it('is its user’s', () => {
    const { name, subject } = countedLimitOf('upload url', subjects) ?? {};
    expect({ name, subject }).toEqual({ name: 'upload-url', subject: 'ada' });
  });

  it('is the session’s for a refresh, whether or not the session has ended', () => {
    const ofEnded = countedLimitOf('refresh', { ...subjects, user: undefined });
    expect(ofEnded).toEqual({ name: 'refresh', perMinute: 10, subject: 'a session' });
    expect(countedLimitOf('refresh', subjects)).toEqual(ofEnded);
  });

  it('is none where an address is counted, or nobody is known', () => {
    expect(countedLimitOf('login', subjects)).toBeUndefined();
    expect(countedLimitOf('upload url', { ...subjects, user: undefined })).toBeUndefined();
    expect(countedLimitOf('open socket', subjects)).toBeUndefined();
  });
});
