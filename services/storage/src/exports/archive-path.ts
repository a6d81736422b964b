import { extname } from 'node:path';

/** Common file systems allow 255 bytes in a name. */
const maxNameBytes = 200;

/** The path of a file in an archive: unique, and its name cannot leave the folder. */
export function archivePath({
  fileId,
  fileName,
}: {
  readonly fileId: string;
  readonly fileName: string;
}): string {
  // The contract of names excludes control characters, separators, "." and ".." already.
  const name = fileName.replace(/[/\\:]/g, '_');
  return `files/${fileId}/${shortened(name)}`;
}

function shortened(name: string): string {
  if (Buffer.byteLength(name) <= maxNameBytes) return name;
  const extension = extname(name);
  const end = Buffer.byteLength(extension) <= 20 ? extension : '';
  let start = '';
  for (const character of name.slice(0, name.length - end.length)) {
    if (Buffer.byteLength(start + character + end) > maxNameBytes) break;
    start += character;
  }
  return start + end;
}
