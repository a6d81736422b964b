import { Findings } from '@secureconnect/degraded-mode/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { httpCases } from './cases.ts';
import { saysNothing } from './effects.ts';
import { modes } from './modes.ts';
import { type Mutation, mutated, silenced } from './mutation.ts';
import { mutations } from './mutations.ts';
import { runMode } from './run-mode.ts';
import { storingMutations } from './storing-mutations.ts';
import { rowName, tableRows } from './tables.ts';

const rowOf = ({ service, route }: Mutation): string => `${service} ${route}`;

describe('the suite finds a row that was changed on purpose', () => {
  const all = [...mutations, ...storingMutations];
  const silent = 'video POST /v1/calls/:call_id/end';
  const findings = new Findings();

  beforeAll(async () => {
    const declared = tableRows();
    const mode = modes.find(({ name }) => name === 'refused');
    if (mode === undefined) throw new Error('there is no mode "refused"');
    using altered = new DisposableStack();
    for (const one of httpCases()) if (rowName(one) === silent) altered.use(silenced(one.sample));
    for (const mutation of all) altered.use(mutated(mutation));
    await runMode(mode, declared, findings);
  }, 240_000);

  it.each(all)('$what', (mutation) => {
    expect(findings.of(rowOf(mutation))?.join('\n')).toMatch(mutation.said);
  });

  it.each(storingMutations)('$what, and no reply shows it', (mutation) => {
    for (const one of findings.of(rowOf(mutation)) ?? []) {
      expect(one).toMatch(/^(\w| )+: (stored|had happened)/);
    }
  });

  it('a row that writes has a sample that does not say what it stores', () => {
    expect(findings.of(silent)).toEqual([saysNothing]);
  });

  it('and no other', () => {
    const names = [silent, ...all.map(rowOf)].map((row) => `${row}: `);
    const others = findings.all().filter((one) => !names.some((name) => one.startsWith(name)));
    expect(others).toEqual([]);
    expect(tableRows().map(rowName)).toContain('auth POST /v1/auth/logout');
  });
});
