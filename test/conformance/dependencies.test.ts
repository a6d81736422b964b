import { Findings, type Matrix, wrongOf } from '@secureconnect/degraded-mode/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectDoc, readConformanceDoc, updatesDoc } from './conformance-doc.ts';
import { directoryScene, withOneFault } from './dependency-faults.ts';
import { dependencySection, dependencyShape, rowsOn } from './dependency-matrix.ts';
import { faultName } from './dependency-scene.ts';
import { dependencyScenes } from './dependency-scenes.ts';
import { messageStoreMutations } from './message-store-mutations.ts';
import { closeMessageStore, messageStoreScene } from './message-store-scene.ts';
import { mutated } from './mutation.ts';
import { objectStoreMutations } from './object-store-mutations.ts';
import { remediationStoreMutations } from './remediation-store-mutations.ts';
import { closeRemediationStore, remediationStoreScene } from './remediation-store-scene.ts';
import { runDependencyFaults } from './run-dependency-faults.ts';
import { scanHookMutations } from './scan-hook-mutations.ts';
import { tableRows } from './tables.ts';
import { upstreamMutations } from './upstream-mutations.ts';
import { upstreamScene } from './upstream-scene.ts';
import { keptLines, merged, WrittenMatrix } from './written-matrix.ts';

const maxSceneMs = 180_000;
const rows = tableRows();
const shape = dependencyShape(dependencyScenes, rows);
/** What was seen under each fault that could be had here. */
const seen = new Map<string, Findings>();
const seenUnder = (fault: string): Findings => {
  const findings = seen.get(fault) ?? new Findings();
  seen.set(fault, findings);
  return findings;
};
const rowsDueUnder = (fault: string): string[] =>
  shape.rows.filter((row) => shape.isDue(row, fault));
/** Everything that was wrong under a fault, and every row that it left untried. */
const wrongUnder = (fault: string): string[] =>
  wrongOf({ rows: rowsDueUnder(fault), modes: [fault], findings: seen });
const altered = [
  { scene: directoryScene, mutations: [...objectStoreMutations, ...scanHookMutations] },
  { scene: withOneFault(messageStoreScene), mutations: messageStoreMutations },
  { scene: withOneFault(remediationStoreScene), mutations: remediationStoreMutations },
  { scene: upstreamScene, mutations: upstreamMutations },
];

afterAll(closeMessageStore);
afterAll(closeRemediationStore);

describe.each(dependencyScenes)('every row that uses $what', (scene) => {
  const { skipReason } = scene;
  it.skipIf(skipReason)(
    `gives its declared outcome under each of its faults${skipReason}`,
    { timeout: maxSceneMs },
    async () => {
      await runDependencyFaults(scene, rows, seenUnder);
      expect(scene.faults.map(faultName).flatMap(wrongUnder)).toEqual([]);
      for (const [dependency, leastRows] of Object.entries(scene.leastRows)) {
        expect(rowsOn(dependency, scene, rows).length).toBeGreaterThanOrEqual(leastRows);
      }
    },
  );
});

describe('docs/conformance.md', () => {
  const { faults } = shape;
  const matrixSeen = (): Matrix => ({ rows: shape.rows, modes: [...seen.keys()], findings: seen });

  it('shows what was seen of other dependencies', async () => {
    expect([...seen.keys()].flatMap(wrongUnder)).toEqual([]);
    const written = new WrittenMatrix((await readConformanceDoc()).dependencies);
    const cell = merged(matrixSeen(), { modes: faults, written, updates: updatesDoc() });
    await expectDoc({ dependencies: dependencySection(shape, cell) });
  });

  it('keeps what could not be had', async () => {
    const written = new WrittenMatrix((await readConformanceDoc()).dependencies);
    const kept = faults
      .filter((fault) => !seen.has(fault))
      .flatMap((fault) => {
        const matrix = { ...matrixSeen(), rows: rowsDueUnder(fault) };
        return keptLines(matrix, { modes: [fault], written });
      });
    if (kept.length > 0)
      process.stdout.write(`left out, as it could not be had:\n${kept.join('\n')}\n`);
    const possible = dependencyScenes.filter(({ skipReason }) => skipReason === '');
    expect(kept).toHaveLength(faults.length - possible.flatMap((scene) => scene.faults).length);
  });
});

for (const { scene, mutations } of altered) {
  const { what, skipReason } = scene;
  describe.skipIf(skipReason)(
    `the suite finds a row that uses ${what} and was changed on purpose${skipReason}`,
    () => {
      const findings = new Findings();
      beforeAll(async () => {
        using changed = new DisposableStack();
        for (const mutation of mutations) changed.use(mutated(mutation));
        await runDependencyFaults(scene, rows, () => findings, 'one');
      }, maxSceneMs);

      it.each(mutations)('$what', ({ service, route, said }) => {
        expect(findings.of(`${service} ${route}`)?.join('\n')).toMatch(said);
      });

      it('and no other', () => {
        const names = mutations.map(({ service, route }) => `${service} ${route}: `);
        expect(findings.all().filter((one) => !names.some((name) => one.startsWith(name)))).toEqual(
          [],
        );
      });
    },
  );
}
