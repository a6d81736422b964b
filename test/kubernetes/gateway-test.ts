import { execFile } from 'node:child_process';
import { chartFile } from './helm.ts';

export interface GatewayTest {
  /** What the process ended with. */
  readonly code: number | null;
  /** What it printed. */
  readonly lines: readonly string[];
}

/** Runs the script of `helm test` at a gateway. */
export function runGatewayTest(url: string): Promise<GatewayTest> {
  const script = chartFile('files/test-gateway.mjs');
  const env = { GATEWAY_URL: url };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [script], { env }, (_error, output) =>
      resolve({ code: child.exitCode, lines: output.trim().split('\n') }),
    );
  });
}
