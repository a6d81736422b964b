import { refusalText, type Verdict } from './check-history.ts';
import type { DeliveriesRun } from './run-deliveries.ts';
import type { StoredRequests } from './stored-requests.ts';

/** What a run is judged by. */
export interface Findings {
  readonly run: DeliveriesRun;
  readonly stored: StoredRequests;
  /** Undefined where there is no Go. */
  readonly verdict: Verdict | undefined;
}

/** What is wrong with a run, a line each; none where all is well. */
export function faultsFound({ run, stored, verdict }: Findings): string[] {
  const { plan, statuses, errors } = run;
  const wrong: string[] = [];
  const due = plan.alerts.length;
  if (stored.active !== due) wrong.push(`${stored.active} active requests for ${due} alerts`);
  if (stored.fingerprints !== due) {
    wrong.push(`${stored.fingerprints} of ${due} alerts have an active request`);
  }
  const made = due + plan.stories.reduce((sum, { resolved }) => sum + resolved.alerts.length, 0);
  if (stored.made !== made) wrong.push(`${stored.made} requests were made in the place of ${made}`);
  const deliveries = deliveriesOf(run);
  if (run.accepted !== deliveries) wrong.push(`${run.accepted} of ${deliveries} were accepted`);
  for (const [status, count] of statuses) {
    if (status >= 400 && status < 500) wrong.push(`${status} was answered ${count} times`);
  }
  for (const line of errors) wrong.push(`a gateway logged: ${line.trim()}`);
  for (const refusal of verdict?.refused ?? []) wrong.push(refusalText(refusal));
  for (const one of verdict?.undecided ?? []) wrong.push(`${one} could not be decided`);
  return wrong;
}

function deliveriesOf({ plan: { deliveries, stories } }: DeliveriesRun): number {
  return stories.reduce((sum, { later }) => sum + 1 + later.length, deliveries.length);
}

/** The counts of a run, for people. */
export function reportLines({ run, stored, verdict }: Findings): string[] {
  const { plan, statuses, accepted, seconds, crashes, history } = run;
  const attempts = [...statuses.values()].reduce((sum, count) => sum + count, 0);
  const byStatus = [...statuses]
    .sort(([a], [b]) => a - b)
    .map(([status, count]) => `${status === 0 ? 'no reply' : status} × ${count}`);
  const outcomes = Map.groupBy(history, ({ outcome }) => outcome);
  const byOutcome = [...outcomes].map(([outcome, some]) => `${outcome} × ${some.length}`);
  const checked =
    verdict === undefined
      ? 'not checked: there is no Go'
      : `${verdict.operations} operations of ${verdict.fingerprints} alerts, ${verdict.unknown} of unknown outcome: ${verdict.refused.length} refused, ${verdict.undecided.length} undecided`;
  return [
    `alerts, deliveries accepted    ${plan.alerts.length}, ${accepted} in ${seconds.toFixed(1)} s`,
    `attempts                       ${attempts}: ${byStatus.join(', ')}`,
    `outcomes                       ${byOutcome.join(', ')}`,
    `killed before the commit       ${[...crashes].map((one) => one.join(': ')).join('; ')}`,
    `requests, active of them       ${stored.made}, ${stored.active} for ${stored.fingerprints} alerts`,
    `the independent checker        ${checked}`,
  ];
}
