import { Findings } from '@secureconnect/degraded-mode/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, startStack } from '../support/stack.ts';
import { dependencyFaults } from './dependency-faults.ts';
import { dependencyMutations } from './dependency-mutations.ts';
import { mutated } from './mutation.ts';
import { rowsOn, runDependencyFault } from './run-dependency-fault.ts';
import { rowName, tableRows } from './tables.ts';

const maxFaultMs = 120_000;
const rows = tableRows();

describe('every row that uses a dependency gives its declared outcome', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack();
  });
  afterAll(() => stack?.[Symbol.asyncDispose]());

  it.each(dependencyFaults)('$name', { timeout: maxFaultMs }, async (fault) => {
    const findings = new Findings();
    await runDependencyFault(stack, fault, rows, findings);
    expect(findings.all()).toEqual([]);
    for (const row of rowsOn(fault.dependency, rows)) expect(findings.of(rowName(row))).toEqual([]);
  });

  it('and no fault is of a dependency that no row uses', () => {
    for (const { dependency } of dependencyFaults) {
      expect(rowsOn(dependency, rows).length).toBeGreaterThanOrEqual(5);
    }
  });
});

describe('the suite finds a row that was changed on purpose', () => {
  const findings = new Findings();
  beforeAll(async () => {
    const [fault] = dependencyFaults;
    if (fault === undefined) throw new Error('there is no fault');
    using altered = new DisposableStack();
    for (const mutation of dependencyMutations) altered.use(mutated(mutation));
    await using stack = await startStack();
    await runDependencyFault(stack, fault, rows, findings);
  }, maxFaultMs);

  it.each(dependencyMutations)('$what', ({ service, route, said }) => {
    expect(findings.of(`${service} ${route}`)?.join('\n')).toMatch(said);
  });

  it('and no other', () => {
    const names = dependencyMutations.map(({ service, route }) => `${service} ${route}: `);
    expect(findings.all().filter((one) => !names.some((name) => one.startsWith(name)))).toEqual([]);
  });
});
