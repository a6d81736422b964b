import { ConfigError } from '@secureconnect/service';

/** What decides whether a file is clean. */
export type ScanHook =
  | { readonly kind: 'none' }
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'command'; readonly command: string };

export interface ScanConfig {
  readonly hook: ScanHook;
  /** Whether files with `is_encrypted` are scanned too, although only ciphertext can be seen. */
  readonly encrypted: boolean;
  /** Maximum duration of a scan. */
  readonly timeoutMs: number;
}

/** The configured hook. Throws ConfigError if there are two. */
export function scanHook(url: string | undefined, command: string | undefined): ScanHook {
  if (url !== undefined && command !== undefined) {
    throw new ConfigError('Set SCAN_URL or SCAN_COMMAND, not both.');
  }
  if (url !== undefined) return { kind: 'url', url };
  return command === undefined ? { kind: 'none' } : { kind: 'command', command };
}
