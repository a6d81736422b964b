import type { FileRow } from '../stores/file-row.ts';

/** What a hook says; `unknown` where it is away or cannot tell, and is asked again later. */
export type Verdict = 'clean' | 'infected' | 'unknown';

/** Asks a hook about a file whose bytes are whole. Rejects where it is away. */
export type Ask = (file: FileRow) => Promise<Verdict>;
