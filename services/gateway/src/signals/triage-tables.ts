import { Environment, Priority, RemediationPath } from '@secureconnect/contracts';
import { z } from 'zod';

const Severity = z.enum(['critical', 'warning', 'info']);
export type Severity = z.infer<typeof Severity>;

/** The tables of a signal's priority and remediation path. */
const TriageTables = z
  .object({
    /** The severity for labels that the table lacks. */
    otherSeverity: Severity,
    priority: z.record(Severity, z.record(Environment, Priority)),
    path: z.record(Environment, z.partialRecord(Priority, RemediationPath)),
  })
  .superRefine(({ priority, path }, context) => {
    // Each priority in the first table must have a path in the second.
    for (const severity of Severity.options) {
      for (const environment of Environment.options) {
        const given = priority[severity][environment];
        if (path[environment][given] !== undefined) continue;
        const message = `lacks ${given}, which ${severity} has in ${environment}`;
        context.addIssue({ code: 'custom', path: ['path', environment], message });
      }
    }
  });
export type TriageTables = z.infer<typeof TriageTables>;

const data: unknown = {
  // Visible, but no reason to wake anybody.
  otherSeverity: 'warning',
  priority: {
    critical: { prod: 'P0', staging: 'P1', dev: 'P2', unknown: 'P1' },
    warning: { prod: 'P1', staging: 'P2', dev: 'P2', unknown: 'P2' },
    info: { prod: 'P2', staging: 'P2', dev: 'P2', unknown: 'P3' },
  },
  path: {
    prod: { P0: 'aggressive', P1: 'conservative', P2: 'conservative' },
    staging: { P0: 'moderate', P1: 'moderate', P2: 'manual' },
    dev: { P0: 'aggressive', P1: 'moderate', P2: 'manual' },
    unknown: { P0: 'conservative', P1: 'conservative', P2: 'conservative', P3: 'conservative' },
  },
};

/** Checks the tables, by default the built-in ones. Throws ZodError naming what is wrong. */
export function triageTables(tables: unknown = data): TriageTables {
  return TriageTables.parse(tables);
}

/** The severity of a label. */
export function severityIn({ otherSeverity }: TriageTables, label: string): Severity {
  const known = Severity.safeParse(label.toLowerCase());
  return known.success ? known.data : otherSeverity;
}
