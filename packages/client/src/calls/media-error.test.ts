import { expect, it } from 'vitest';
import { LocalMedia } from './local-media.ts';
import { MediaError, mediaErrorOf } from './media-error.ts';
import type { Devices } from './platform.ts';

const named = (name: string) => Object.assign(new Error('as the browser says'), { name });

it.each([
  ['NotAllowedError', 'denied', 'allow it in the settings'],
  ['NotFoundError', 'not_found', 'connect one'],
  ['OverconstrainedError', 'not_found', 'connect one'],
  ['NotReadableError', 'in_use', 'close that'],
  ['AbortError', 'failed', 'try a different one'],
])('says what to do after %s', (name, code, advice) => {
  const cause = named(name);
  const error = mediaErrorOf(cause);
  expect(error).toMatchObject({ name: 'MediaError', code, cause });
  expect(error.message).toContain(advice);
});

/** Devices that refuse everything. */
const refusing = {
  getUserMedia: () => Promise.reject(named('NotAllowedError')),
} as unknown as Devices;

it('is thrown where the user does not allow microphone or camera', async () => {
  const opening = LocalMedia.open(refusing, 'video', {});
  await expect(opening).rejects.toThrow(MediaError);
  await expect(opening).rejects.toMatchObject({ code: 'denied' });
  const silent = await LocalMedia.open(refusing, 'video', { media: 'none' });
  await expect(silent.setCamera(true)).rejects.toMatchObject({ code: 'denied' });
  expect([silent.isCameraOn, silent.sendings]).toEqual([false, []]);
});

it('is thrown where there are no devices, unless nothing is to be sent', async () => {
  const unsupported = { code: 'unsupported' };
  await expect(LocalMedia.open(undefined, 'video', { media: 'audio' })).rejects.toMatchObject(
    unsupported,
  );
  const silent = await LocalMedia.open(undefined, 'video', {});
  await expect(silent.shareScreen()).rejects.toMatchObject(unsupported);
});
