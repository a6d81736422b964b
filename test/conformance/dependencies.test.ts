import { Findings } from '@secureconnect/degraded-mode/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { dependencyScenes, directoryScene } from './dependency-faults.ts';
import { dependencyMutations } from './dependency-mutations.ts';
import { mutated } from './mutation.ts';
import { rowsOn, runDependencyFaults } from './run-dependency-faults.ts';
import { rowName, tableRows } from './tables.ts';

const maxSceneMs = 180_000;
const rows = tableRows();

describe.each(dependencyScenes)('every row that uses $dependency, $what', (scene) => {
  const { skipReason } = scene;
  it.skipIf(skipReason)(
    `gives its declared outcome under each of its faults${skipReason}`,
    { timeout: maxSceneMs },
    async () => {
      const findings = new Findings();
      await runDependencyFaults(scene, rows, findings);
      expect(findings.all()).toEqual([]);
      const tried = rowsOn(scene, rows).filter((row) => findings.of(rowName(row)) !== undefined);
      expect(tried).toEqual(rowsOn(scene, rows));
      expect(tried.length).toBeGreaterThanOrEqual(5);
    },
  );
});

describe('the suite finds a row that was changed on purpose', () => {
  const findings = new Findings();
  beforeAll(async () => {
    using altered = new DisposableStack();
    for (const mutation of dependencyMutations) altered.use(mutated(mutation));
    await runDependencyFaults(directoryScene, rows, findings);
  }, maxSceneMs);

  it.each(dependencyMutations)('$what', ({ service, route, said }) => {
    expect(findings.of(`${service} ${route}`)?.join('\n')).toMatch(said);
  });

  it('and no other', () => {
    const names = dependencyMutations.map(({ service, route }) => `${service} ${route}: `);
    expect(findings.all().filter((one) => !names.some((name) => one.startsWith(name)))).toEqual([]);
  });
});
