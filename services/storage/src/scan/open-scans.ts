import type { Transfers } from '../transfers/transfers.ts';
import type { Ask } from './ask.ts';
import { askCommand } from './ask-command.ts';
import { askUrl } from './ask-url.ts';
import type { ScanConfig } from './scan-config.ts';
import { Scans, type ScansOptions } from './scans.ts';

type OpenScansOptions = Omit<ScansOptions, 'ask' | 'encrypted' | 'timeoutMs'> & {
  readonly config: ScanConfig;
  readonly transfers: Transfers;
};

/** Opens scanning by the configured hook. */
export function openScans({ config, transfers, ...options }: OpenScansOptions): Scans {
  const { encrypted, timeoutMs } = config;
  return new Scans({ ...options, ask: askOf(config, transfers), encrypted, timeoutMs });
}

function askOf({ hook, timeoutMs }: ScanConfig, transfers: Transfers): Ask | undefined {
  if (hook.kind === 'none') return undefined;
  if (hook.kind === 'url') return askUrl({ url: hook.url, timeoutMs, transfers });
  return askCommand({ command: hook.command, timeoutMs, transfers });
}
