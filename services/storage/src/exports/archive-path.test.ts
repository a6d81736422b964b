import { expect, it } from 'vitest';
import { archivePath } from './archive-path.ts';

const fileId = '2f0c1f2e-7a3d-4b7e-9d55-0c6d1f5a9b11';
const folder = `files/${fileId}/`;

it('keeps the name of a file, in a folder of its own', () => {
  expect(archivePath({ fileId, fileName: 'Müller & Söhne.pdf' })).toBe(
    `${folder}Müller & Söhne.pdf`,
  );
});

it.each(['../../etc/passwd', 'C:\\windows\\x', '/etc/passwd'])(
  'leaves no way out of the folder: %s',
  (fileName) => {
    const path = archivePath({ fileId, fileName });
    expect(path.slice(folder.length)).not.toMatch(/[/\\:]/);
  },
);

it('shortens a long name to 200 bytes, between characters, and keeps the extension', () => {
  const path = archivePath({ fileId, fileName: `${'𝕏'.repeat(250)}.jpeg` });
  const name = path.slice(folder.length);
  expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200);
  expect(name).toMatch(/^(𝕏)+\.jpeg$/u);
});
