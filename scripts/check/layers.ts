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
  /** How many modules were read. None means that nothing was checked. */
  readonly modules: number;
  readonly wrongImports: readonly WrongImport[];
}

const folders = ['packages', 'services', 'scripts', 'test', 'bench', 'vitest.config.ts'];

/**
 * Reads every import of the source tree at `root` and holds it against the rules in `rulesFile`.
 *
 * @throws when the rules file is missing or invalid.
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
    throw new Error('dependency-cruiser gave a text report where its result object was expected');
  }
  return {
    modules: output.modules.filter((module) => module.source.endsWith('.ts')).length,
    wrongImports: output.summary.violations.map(({ rule, from, to }) => ({
      rule: rule.name,
      from,
      to,
    })),
  };
}
