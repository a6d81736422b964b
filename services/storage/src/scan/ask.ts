import type { FileRow } from '../stores/file-row.ts';

/** The verdict of a hook; `unknown` if it fails or cannot tell, and is asked again later. */
export type Verdict = 'clean' | 'infected' | 'unknown';

/** Asks a hook about a file with complete bytes. Rejects if the hook is down. */
export type Ask = (file: FileRow) => Promise<Verdict>;
