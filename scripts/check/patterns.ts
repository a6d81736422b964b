import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { parse } from 'acorn';
import { isSafe } from 'redos-detector';
import { sourceFiles } from './source-files.ts';

/**
 * Patterns whose input comes from the operator or from this repository, never from a client; by
 * `file: pattern`.
 */
const operatorInput = new Set([
  'services/chat/src/stores/cassandra/migrate.ts: ;\\s*$', // this repository's .cql files
  'services/gateway/src/signals/kubernetes/cluster.ts: \\/+$', // KUBECONFIG
  'services/storage/src/config.ts: \\/+$', // STORAGE_PUBLIC_URL
]);

/** The time limit of an analysis; a pattern that takes longer counts as slow. */
const analysisLimitMs = 10_000;

export interface PatternsRead {
  /** The number of patterns analysed. */
  readonly count: number;
  /** One line for each pattern that may backtrack without a bound. */
  readonly slow: readonly string[];
}

/**
 * Finds regular expressions of the services whose time can grow faster than their input, so that
 * one header could block the event loop. Skips tests, and packages that only tests and scripts use.
 */
export function readPatterns(root: string): PatternsRead {
  const found = sourceFiles(root)
    .filter(isServiceCode)
    .flatMap((file) => patternsOf(file, readFileSync(join(root, file), 'utf8')));
  const slow = found
    .filter(({ file, pattern }) => !operatorInput.has(`${file}: ${pattern.source}`))
    .filter(({ pattern }) => !isSafe(pattern, { timeout: analysisLimitMs }).safe)
    .map(({ file, pattern }) => `${file}: ${pattern} can take quadratic time or worse`);
  return { count: found.length, slow };
}

function isServiceCode(file: string): boolean {
  if (/^packages\/(embedded|testkit)\//.test(file)) return false;
  return /^(packages|services)\/[^/]+\/src\/.*\.ts$/.test(file) && !file.endsWith('.test.ts');
}

interface PatternIn {
  readonly file: string;
  readonly pattern: RegExp;
}

function patternsOf(file: string, typeScript: string): PatternIn[] {
  const patterns: PatternIn[] = [];
  const code = stripTypeScriptTypes(typeScript);
  parse(code, {
    sourceType: 'module',
    ecmaVersion: 'latest',
    onToken: ({ type, start, end }) => {
      if (type.label !== 'regexp') return;
      const flagsAt = code.lastIndexOf('/', end - 1) + 1;
      const pattern = new RegExp(code.slice(start + 1, flagsAt - 1), code.slice(flagsAt, end));
      patterns.push({ file, pattern });
    },
  });
  return patterns;
}
