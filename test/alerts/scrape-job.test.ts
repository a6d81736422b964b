import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  alertmanagerSkipReason,
  eventually,
  freePort,
  prometheusSkipReason,
  testAlertmanager,
  testPrometheus,
} from '@secureconnect/testkit';
import { describe, expect, it } from 'vitest';
import { RecordingReceiver } from './recording-receiver.ts';

const without = prometheusSkipReason || alertmanagerSkipReason;
const dropJob = { action: 'labeldrop', regex: 'job' };

/** The labels that arrive of an alert about two targets of one job, neither of which answers. */
async function labelsOfTwoTargets(alertRelabeling: readonly object[]) {
  await using parts = new AsyncDisposableStack();
  const receiver = parts.use(await RecordingReceiver.start(await freePort()));
  const alertmanager = parts.use(
    await testAlertmanager([
      {
        name: 'all',
        urls: [receiver.url('all')],
        groupBy: ['alertname'],
        groupIntervalSeconds: 1,
        repeatIntervalSeconds: 60,
      },
    ]),
  );
  parts.use(
    await testPrometheus({
      targets: [`127.0.0.1:${await freePort()}`, `127.0.0.1:${await freePort()}`],
      alertmanager: alertmanager.address,
      rules: [{ alert: 'InstanceDown', expr: 'up == 0' }],
      alertRelabeling,
    }),
  );
  return await eventually(
    () => {
      const labels =
        receiver
          .of('all')
          .at(-1)
          ?.alerts.map((alert) => alert.labels) ?? [];
      expect(labels).toHaveLength(2);
      return labels;
    },
    { timeoutMs: 40_000 },
  );
}

describe.skipIf(without !== '')(`the job of a scrape${without}`, () => {
  it('is on every alert, as the label that names a Job', { timeout: 60_000 }, async () => {
    for (const { job } of await labelsOfTwoTargets([])) expect(job).toBe('test');
  });

  it('is removed by what docs/alerts.md recommends, which leaves the instance', {
    timeout: 60_000,
  }, async () => {
    const doc = await readFile(join(import.meta.dirname, '../../docs/alerts.md'), 'utf8');
    expect(doc).toContain(`- action: ${dropJob.action}\n      regex: ${dropJob.regex}\n`);
    const labels = await labelsOfTwoTargets([dropJob]);
    expect(labels.map(({ job }) => job)).toEqual([undefined, undefined]);
    expect(new Set(labels.map(({ instance }) => instance)).size).toBe(2);
  });
});
