import type { StoredFile, UploadOptions } from '@secureconnect/client';
import { expect, it } from 'vitest';
import { Uploads } from './uploads.ts';

const stored = { file_id: 'f1', file_name: 'notes.txt' } as StoredFile;
const file = () => new File(['text'], 'notes.txt');

/** A store for files that answers as it is told to. */
function world() {
  const attempts: { options: UploadOptions; end: (how: StoredFile | Error) => void }[] = [];
  const announced: string[] = [];
  const uploads = new Uploads({
    files: {
      upload: (_content, options) =>
        new Promise((resolve, reject) => {
          options.signal?.addEventListener('abort', () => reject(options.signal?.reason));
          const end = (how: StoredFile | Error) =>
            how instanceof Error ? reject(how) : resolve(how);
          attempts.push({ options, end });
        }),
    },
    announce: (conversationId, { file_id: id }) =>
      void announced.push(`${id} in ${conversationId}`),
  });
  return { uploads, attempts, announced };
}

it('shows how much of a file is sent, then tells the conversation of it', async () => {
  const { uploads, attempts, announced } = world();
  const sending = uploads.send('c1', file());
  attempts[0]?.options.onProgress?.(1, 4);
  expect(uploads.list.value).toMatchObject([{ fileName: 'notes.txt', progress: 0.25 }]);
  attempts[0]?.end(stored);
  await sending;
  expect([uploads.list.value, announced]).toEqual([[], ['f1 in c1']]);
});

it('keeps a file that has failed, and goes on with it under the same key', async () => {
  const { uploads, attempts, announced } = world();
  const sending = uploads.send('c1', file());
  attempts[0]?.end(new Error('no room'));
  await sending;
  const [failed] = uploads.list.value;
  expect(failed).toMatchObject({ error: new Error('no room') });
  const again = uploads.retry(failed?.id ?? '');
  expect(uploads.list.value[0]).not.toHaveProperty('error');
  attempts[1]?.end(stored);
  await again;
  expect(announced).toEqual(['f1 in c1']);
  expect(attempts[1]?.options.resumeKey).toBe(attempts[0]?.options.resumeKey);
});

it('stops a file that is cancelled, without a word', async () => {
  const { uploads, attempts, announced } = world();
  const sending = uploads.send('c1', file());
  uploads.cancel(uploads.list.value[0]?.id ?? '');
  await sending;
  expect(attempts[0]?.options.signal?.aborted).toBe(true);
  expect([uploads.list.value, announced]).toEqual([[], []]);
});
