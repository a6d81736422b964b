import type { Environment, Priority, RemediationPath } from '@secureconnect/contracts';
import { type EnvironmentOverrides, environmentOf } from './environment.ts';
import type { Signal } from './signal.ts';
import { severityIn, type TriageTables } from './triage-tables.ts';

/** The triage of a signal. */
export interface Triage {
  readonly environment: Environment;
  readonly priority: Priority;
  readonly remediationPath: RemediationPath;
}

export type JudgeSignal = (signal: Signal) => Triage;

/** Creates the triage of signals by the tables. */
export function createTriage(tables: TriageTables, overrides: EnvironmentOverrides): JudgeSignal {
  return (signal) => {
    const environment = environmentOf(signal, overrides);
    const priority = tables.priority[severityIn(tables, signal.severity)][environment];
    const remediationPath = tables.path[environment][priority];
    // The tables were checked for this at boot.
    if (remediationPath === undefined)
      throw new Error(`${environment} has no path for ${priority}`);
    return { environment, priority, remediationPath };
  };
}
