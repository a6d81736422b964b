import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { lintApiDocuments } from './api-documents.ts';
import { validateAsyncApi } from './asyncapi-document.ts';
import { runCommand } from './command.ts';
import { findLongFiles, longLines, tooLongLines } from './file-lengths.ts';
import { findForbiddenLines } from './forbidden-lines.ts';
import { checkLayers } from './layers.ts';
import { readPatterns } from './patterns.ts';
import { findShellScripts } from './shell-scripts.ts';
import type { Outcome, Step } from './step.ts';
import { outcomeOf } from './step.ts';

async function layerRules(root: string): Promise<Outcome> {
  const { modules, wrongImports } = await checkLayers(root, join(root, '.dependency-cruiser.mjs'));
  if (modules === 0)
    return { status: 'failed', output: 'no module was read; check the paths of the layer rules' };
  const findings = wrongImports.map(({ rule, from, to }) => `${from} → ${to}: ${rule}`);
  return outcomeOf(findings, `${modules} modules`);
}

function fileLengths(root: string): Outcome {
  const long = findLongFiles(root);
  const tooLong = long.filter(({ lines }) => lines > tooLongLines);
  const names = long.map(({ file, lines }) => `${file} (${lines})`).join(', ');
  return outcomeOf(
    tooLong.map(({ file, lines }) => `${file}: ${lines} lines; the maximum is ${tooLongLines}`),
    long.length === 0 ? `none over ${longLines} lines` : `over ${longLines} lines: ${names}`,
  );
}

function patterns(root: string): Outcome {
  const { count, slow } = readPatterns(root);
  if (count === 0)
    return {
      status: 'failed',
      output: 'no pattern was read; check the paths of the pattern check',
    };
  return outcomeOf(slow, `${count} patterns`);
}

async function shellScripts(root: string): Promise<Outcome> {
  if (spawnSync('shellcheck', ['--version'], { stdio: 'ignore' }).status !== 0) {
    return { status: 'left out', reason: 'shellcheck is not on PATH; CI runs it' };
  }
  const scripts = findShellScripts(root);
  const outcome = await runCommand('shellcheck', scripts, { root });
  return outcome.status === 'passed' ? { ...outcome, note: scripts.join(' ') } : outcome;
}

/** The steps of the gate that only read the source; they can run concurrently. */
export function sourceSteps(root: string): readonly Step[] {
  return [
    {
      name: 'format and lint',
      run: () => runCommand('biome', ['ci', '--colors=off', '--error-on-warnings', '.'], { root }),
    },
    { name: 'types', run: () => runCommand('tsc', ['-p', '.'], { root }) },
    {
      name: 'types in browsers',
      run: () => runCommand('tsc', ['-p', 'packages/client'], { root }),
    },
    {
      name: 'types of the console',
      run: () => runCommand('tsc', ['-p', 'console'], { root }),
    },
    { name: 'layer rules', run: () => layerRules(root) },
    {
      name: 'dead code',
      run: () => runCommand('knip', ['--no-progress', '--no-config-hints'], { root }),
    },
    {
      name: 'generated files',
      run: () => runCommand('node', ['scripts/generate.ts', '--check'], { root }),
    },
    {
      name: 'API documents',
      run: async () => {
        const [lint, asyncApi] = await Promise.all([
          lintApiDocuments(root),
          validateAsyncApi(join(root, 'packages/contracts/generated/asyncapi.json')),
        ]);
        return outcomeOf([...lint, ...asyncApi], 'OpenAPI and AsyncAPI, no warnings');
      },
    },
    {
      name: 'no forbidden lines',
      run: async () => outcomeOf(findForbiddenLines(root), 'no machine paths or registries'),
    },
    { name: 'file lengths', run: async () => fileLengths(root) },
    { name: 'patterns', run: async () => patterns(root) },
    { name: 'shell scripts', run: () => shellScripts(root) },
  ];
}

/** The whole suite; it needs the machine to itself and shows its own progress. */
export function testStep(root: string): Step {
  return { name: 'tests', run: () => runCommand('vitest', ['run'], { root, live: true }) };
}
