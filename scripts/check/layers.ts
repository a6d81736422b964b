import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cruise } from 'dependency-cruiser';
import extractDepcruiseConfig from 'dependency-cruiser/config-utl/extract-depcruise-config';

/** One import that a rule forbids; paths are relative to the root that was cruised. */
export interface WrongImport {
  readonly rule: string;
  readonly from: string;
  readonly to: string;
}

export interface LayerReport {
  /** The number of modules read; 0 means that nothing was checked. */
  readonly modules: number;
  readonly wrongImports: readonly WrongImport[];
}

const folders = ['packages', 'services', 'scripts', 'test', 'bench', 'console', 'vitest.config.ts'];

/**
 * Checks every import of the source tree at `root` against the rules in `rulesFile`.
 *
 * @throws if the rules file is missing or invalid.
 */
export async function checkLayers(root: string, rulesFile: string): Promise<LayerReport> {
  const { options, ...ruleSet } = await extractDepcruiseConfig(rulesFile);
  const present = folders.filter((folder) => existsSync(join(root, folder)));
  const resolve = options?.enhancedResolveOptions ?? {};
  const { output } = await cruise(
    present,
    { ...options, ruleSet, validate: true, baseDir: root },
    { ...resolve, bustTheCache: true },
  );
  if (typeof output === 'string') {
    throw new Error('dependency-cruiser returned a text report; expected a result object');
  }
  return {
    modules: output.modules.filter((module) => /\.tsx?$/.test(module.source)).length,
    wrongImports: output.summary.violations.map(({ rule, from, to }) => ({
      rule: rule.name,
      from,
      to,
    })),
  };
}
