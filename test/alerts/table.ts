import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Reply } from './gateway.ts';
import type { Counts } from './ledger.ts';

/** Every scenario, in the order of the table. */
export const scenarios = [
  'one replica killed',
  'master killed, before failover',
  'master killed, after failover',
  'killed master back',
  'master frozen, before failover',
  'master frozen, after failover',
  'frozen master back',
  'two replicas killed (no write quorum)',
  'one of the two replicas back',
  'master and a replica killed (no write quorum)',
  'that replica back',
  'all three killed',
  'all three back',
  'killed for longer than Alertmanager’s flush',
  'taken on its next flush',
  'resolved, and fired again',
  'resolved while all were killed',
  'taken, and forgotten by Redis in a failover',
] as const;
export type Scenario = (typeof scenarios)[number];

const heading =
  '| scenario | replies | alerts fired | active requests | waiting | lost | doubled |';
const docFile = join(import.meta.dirname, '../../docs/alerts.md');

/** The rows of the table in docs/alerts.md. */
export async function documentedRows(): Promise<readonly string[]> {
  const doc = await readFile(docFile, 'utf8');
  const table = doc.split(`${heading}\n`)[1]?.split('\n\n')[0];
  if (table === undefined) throw new Error(`${docFile} has no table that begins with ${heading}`);
  return table.trimEnd().split('\n').slice(1);
}

/** What was seen in scenarios; each row is held against the one in the docs. */
export class ScenarioTable {
  readonly #rows = new Map<Scenario, string>();
  readonly #notes: string[] = [];

  async record(scenario: Scenario, replies: readonly Reply[], counts: Counts): Promise<void> {
    const { fired, active, waiting, lost, doubled } = counts;
    const tally = Map.groupBy(replies, ({ status }) => status);
    const statuses = [...tally.keys()].sort();
    const cells = [scenario, statuses.join(', '), fired, active, waiting, lost, doubled];
    const row = `| ${cells.join(' | ')} |`;
    this.#rows.set(scenario, row);
    this.note(
      `${scenario}: ${statuses.map((status) => `${tally.get(status)?.length} × ${status}`).join(', ')}`,
    );
    expect(await documentedRows()).toContain(row);
  }

  /** What differs from run to run. */
  note(line: string): void {
    this.#notes.push(line);
  }

  print(): void {
    const rows = scenarios.flatMap((scenario) => this.#rows.get(scenario) ?? []);
    const lines = [heading, '|---|---|---:|---:|---:|---:|---:|', ...rows, '', ...this.#notes];
    process.stdout.write(`${lines.join('\n')}\n`);
  }
}
