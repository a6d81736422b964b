import { execFile } from 'node:child_process';
import { join } from 'node:path';

/** The documents that redocly.yaml names. */
const documents = ['openapi', 'asyncapi'];

/** What the linter reports in JSON. */
interface Report {
  readonly totals: { readonly errors: number; readonly warnings: number };
  readonly problems: ReadonlyArray<{
    readonly message: string;
    readonly ruleId: string;
    readonly severity: string;
    readonly location: ReadonlyArray<{ readonly pointer?: string }>;
  }>;
}

/**
 * Lints the generated documents by the rules of redocly.yaml. A finding a line: warnings too, and
 * rules that do not exist, which the linter alone would pass.
 */
export async function lintApiDocuments(
  root: string,
  config = join(root, 'redocly.yaml'),
): Promise<string[]> {
  const findings = await Promise.all(documents.map((document) => lint(root, config, document)));
  return findings.flat();
}

async function lint(root: string, config: string, document: string): Promise<string[]> {
  const { code, stdout, stderr } = await redocly(root, [
    ...['lint', document, '--config', config],
    ...['--lint-config', 'error', '--format', 'json', '--max-problems', '50'],
  ]);
  const report = reportOf(stdout);
  if (report === undefined) return [`${document}: ${stderr.trim()}`];
  const findings = report.problems.map(
    ({ location, message, ruleId, severity }) =>
      `${document} ${location[0]?.pointer ?? ''}: ${severity} ${ruleId}: ${message}`,
  );
  // The report says nothing of the rules themselves.
  if (code !== 0 && findings.length === 0) return [`${document}: ${stderr.trim()}`];
  return findings;
}

function reportOf(text: string): Report | undefined {
  try {
    return JSON.parse(text) as Report;
  } catch {
    return undefined;
  }
}

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function redocly(root: string, args: readonly string[]): Promise<Ended> {
  const program = join(root, 'node_modules/.bin/redocly');
  const env = {
    ...process.env,
    // It asks its maker for newer versions, and tells how it is used.
    REDOCLY_TELEMETRY: 'off',
    REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true',
  };
  return new Promise((resolve, reject) => {
    const options = { cwd: root, env, maxBuffer: 64 * 1024 * 1024 };
    execFile(program, args, options, (error, stdout, stderr) => {
      if (typeof error?.code === 'string') reject(error);
      else resolve({ code: error?.code ?? 0, stdout, stderr });
    });
  });
}
