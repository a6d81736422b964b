import { dependenciesHeading } from './conformance-doc.ts';
import { backedPorts } from './dependency-outcome.ts';
import { type DependencyScene, faultName } from './dependency-scene.ts';
import { type Cell, markdownTable } from './matrix.ts';
import { rowName, type TableRow } from './tables.ts';

/** Which rows there are under which faults, known before anything is started. */
export interface DependencyShape {
  /** Each row that a fault is about. */
  readonly rows: readonly string[];
  readonly faults: readonly string[];
  /** Whether a row uses the dependency of a fault, and is served in its scene. */
  isDue(row: string, fault: string): boolean;
}

/** The rows that use a dependency, as far as a scene serves them. */
export function rowsOn(
  dependency: string,
  { serves }: Pick<DependencyScene, 'serves'>,
  rows: readonly TableRow[],
): TableRow[] {
  const uses = ({ policy }: TableRow): boolean =>
    Object.keys(backedPorts(policy, dependency)).length > 0;
  return rows.filter((row) => uses(row) && serves(row));
}

export function dependencyShape(
  scenes: readonly Pick<DependencyScene, 'faults' | 'serves'>[],
  rows: readonly TableRow[],
): DependencyShape {
  const due = new Map<string, ReadonlySet<string>>();
  for (const scene of scenes) {
    for (const fault of scene.faults) {
      const name = faultName(fault);
      if (due.has(name)) throw new Error(`two faults are called "${name}"`);
      due.set(name, new Set(rowsOn(fault.dependency, scene, rows).map(rowName)));
    }
  }
  const isDue: DependencyShape['isDue'] = (row, fault) => due.get(fault)?.has(row) === true;
  const faults = [...due.keys()];
  const names = rows.map(rowName).filter((row) => faults.some((fault) => isDue(row, fault)));
  return { rows: names, faults, isDue };
}

const introduction = `${dependenciesHeading}

Written by the same command. The services run over a real one of each dependency: a directory and an S3
(versitygw) for files, Cassandra for messages, a Kubernetes API server for remediation requests, a scan hook, and
the services behind the gateway. It fails in each of these ways while Redis is up. ✓ means the same as above,
counted in \`dependency_fallbacks_total\` and shown by \`GET /v1/degraded\`; a request may take 7 s. – means that the
row does not use the dependency, or that a different server answers it (an S3 exchanges bytes with clients itself).

A row of the gateway is tried by one of the routes that it passes on. A service that is reset when it replies, or
accepts connections and hangs, is up: requests are answered 502 or 504, as they may have had an effect. Those
whose reply was lost have happened once, those that hung not at all.
`;

/** For the docs. */
export function dependencySection(
  { rows, faults, isDue }: DependencyShape,
  cell: (row: string, fault: string) => Cell,
): string {
  return markdownTable(introduction, {
    ...{ rows, modes: faults },
    cell: (row, fault) => (isDue(row, fault) ? cell(row, fault) : '–'),
  });
}
