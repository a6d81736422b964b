import { safeLine } from './safe-text.ts';
import type { Terminal } from './terminal.ts';

/** A line that is written over as something goes on; on a terminal alone. */
export interface ProgressLine {
  readonly show: (doneBytes: number, totalBytes: number) => void;
  readonly clear: () => void;
}

const eraseLine = '\r\u001b[K';

export function progressLine({ errors }: Terminal, name: string): ProgressLine {
  if (errors.isTTY !== true) return { show: () => undefined, clear: () => undefined };
  return {
    show: (doneBytes, totalBytes) => {
      const percent = totalBytes === 0 ? 100 : Math.floor((doneBytes / totalBytes) * 100);
      errors.write(`${eraseLine}${safeLine(name)}  ${percent} % of ${size(totalBytes)}`);
    },
    clear: () => void errors.write(eraseLine),
  };
}

function size(bytes: number): string {
  if (bytes < 1024 ** 2) return `${Math.ceil(bytes / 1024)} KiB`;
  return `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
}
