import { Findings } from '@secureconnect/degraded-mode/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { directoryScene, s3Scene, withOneFault } from './dependency-faults.ts';
import { messageStoreMutations } from './message-store-mutations.ts';
import { closeMessageStore, messageStoreScene } from './message-store-scene.ts';
import { mutated } from './mutation.ts';
import { objectStoreMutations } from './object-store-mutations.ts';
import { remediationStoreMutations } from './remediation-store-mutations.ts';
import { closeRemediationStore, remediationStoreScene } from './remediation-store-scene.ts';
import { rowsOn, runDependencyFaults } from './run-dependency-faults.ts';
import { scanHookMutations } from './scan-hook-mutations.ts';
import { rowName, tableRows } from './tables.ts';
import { upstreamMutations } from './upstream-mutations.ts';
import { upstreamScene } from './upstream-scene.ts';

const maxSceneMs = 180_000;
const rows = tableRows();
const altered = [
  { scene: directoryScene, mutations: [...objectStoreMutations, ...scanHookMutations] },
  { scene: withOneFault(messageStoreScene), mutations: messageStoreMutations },
  { scene: withOneFault(remediationStoreScene), mutations: remediationStoreMutations },
  { scene: upstreamScene, mutations: upstreamMutations },
];

afterAll(closeMessageStore);
afterAll(closeRemediationStore);

describe.each([
  ...[directoryScene, s3Scene, messageStoreScene, remediationStoreScene, upstreamScene],
])('every row that uses $what', (scene) => {
  const { skipReason } = scene;
  it.skipIf(skipReason)(
    `gives its declared outcome under each of its faults${skipReason}`,
    { timeout: maxSceneMs },
    async () => {
      const findings = new Findings();
      await runDependencyFaults(scene, rows, findings);
      expect(findings.all()).toEqual([]);
      for (const [dependency, leastRows] of Object.entries(scene.dependencies)) {
        const due = rowsOn(dependency, scene, rows);
        const tried = due.filter((row) => findings.of(rowName(row)) !== undefined);
        expect(tried).toEqual(due);
        expect(tried.length).toBeGreaterThanOrEqual(leastRows);
      }
    },
  );
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
        await runDependencyFaults(scene, rows, findings, 'one');
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
