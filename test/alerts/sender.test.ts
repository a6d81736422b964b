import {
  alertmanagerSkipReason,
  eventually,
  freePort,
  type TestAlertmanager,
  type TestReceiver,
  testAlertmanager,
} from '@secureconnect/testkit';
import { describe, expect, it } from 'vitest';
import { RecordingReceiver } from './recording-receiver.ts';

const hour = 3600;
/** Alertmanager's back-off: half a second, and half as much again each time, give or take half. */
const slow = { timeoutMs: 15_000 };

const receiverOf = (name: string, url: string, groupIntervalSeconds: number): TestReceiver => ({
  name,
  urls: [url],
  token: 'said-by-the-sender',
  groupBy: ['alertname'],
  groupIntervalSeconds,
  repeatIntervalSeconds: hour,
});

const alertFor = (receiver: string, alertname = `For${receiver}`) => ({
  labels: { alertname, receiver },
});

/** One receiver for each status, named after it, which answers so. */
async function answering(
  parts: AsyncDisposableStack,
  statuses: readonly [number, ...number[]],
  groupIntervalSeconds: number,
): Promise<{ receiver: RecordingReceiver; alertmanager: TestAlertmanager; later: number }> {
  const receiver = parts.use(await RecordingReceiver.start(await freePort()));
  const later = await freePort();
  for (const status of statuses) receiver.answer(String(status), status);
  const receivers = statuses.map((status) =>
    receiverOf(String(status), receiver.url(String(status)), groupIntervalSeconds),
  );
  const absent = receiverOf('absent', `http://127.0.0.1:${later}/absent`, groupIntervalSeconds);
  const alertmanager = parts.use(await testAlertmanager([absent, ...receivers]));
  return { receiver, alertmanager, later };
}

describe.skipIf(alertmanagerSkipReason !== '')(
  `Alertmanager as a sender, on which the ingest’s replies rest${alertmanagerSkipReason}`,
  () => {
    it('tries again after 5xx and after no answer, whatever Retry-After says, and not after 4xx', {
      timeout: 40_000,
    }, async () => {
      await using parts = new AsyncDisposableStack();
      const statuses = [503, 500, 429, 400, 408, 413] as const;
      const { receiver, alertmanager, later } = await answering(parts, statuses, hour);
      await alertmanager.post(['absent', ...statuses.map(String)].map((name) => alertFor(name)));
      await eventually(() => {
        expect(receiver.of('503').length).toBeGreaterThanOrEqual(4);
        expect(receiver.of('500').length).toBeGreaterThanOrEqual(4);
      }, slow);
      const [first, , , fourth] = receiver.of('503');
      expect((fourth?.atMs ?? 0) - (first?.atMs ?? 0)).toBeLessThan(10_000);
      expect(first?.authorization).toBe('Bearer said-by-the-sender');
      for (const status of [429, 400, 408, 413]) {
        expect(receiver.of(String(status)), `after ${status}`).toHaveLength(1);
      }
      expect(await alertmanager.counted('alertmanager_notifications_failed_total')).toBe(4);

      const late = parts.use(await RecordingReceiver.start(later));
      await eventually(() => expect(late.of('absent')).toHaveLength(1), slow);
      receiver.answer('503', 201);
      const tries = receiver.of('503').length;
      await eventually(() => expect(receiver.of('503').length).toBe(tries + 1), slow);
      expect(await alertmanager.active()).toHaveLength(statuses.length + 1);
    });

    it('retries after group_interval when a flush ended with 4xx', {
      timeout: 30_000,
    }, async () => {
      await using parts = new AsyncDisposableStack();
      const { receiver, alertmanager } = await answering(parts, [429], 1);
      await alertmanager.post([alertFor('429')]);
      await eventually(() => expect(receiver.of('429').length).toBeGreaterThanOrEqual(3), slow);
      const [, second, third] = receiver.of('429');
      expect((third?.atMs ?? 0) - (second?.atMs ?? 0)).toBeGreaterThan(900);
    });

    it('does not deliver an alert that was over before it could be delivered', {
      timeout: 30_000,
    }, async () => {
      await using parts = new AsyncDisposableStack();
      const { receiver, alertmanager } = await answering(parts, [429], 1);
      const [over, firing] = [alertFor('429', 'Over'), alertFor('429', 'FiresOn')];
      await alertmanager.post([over]);
      await eventually(() => expect(receiver.of('429').length).toBeGreaterThanOrEqual(1), slow);
      await alertmanager.post([{ ...over, endsAt: new Date().toISOString() }]);
      await eventually(async () => expect(await alertmanager.active()).toEqual([]));
      const refused = receiver.of('429').length;
      receiver.answer('429', 200);
      // Two flushes of a later alert: that of the one that is over has long been due.
      await alertmanager.post([firing]);
      await eventually(() => expect(receiver.of('429').length).toBe(refused + 1), slow);
      await alertmanager.post([{ ...firing, endsAt: new Date().toISOString() }]);
      await eventually(() => expect(receiver.of('429').length).toBe(refused + 2), slow);
      const said = receiver.of('429').slice(refused);
      expect(said.flatMap(({ alerts }) => alerts.map(nameAndStatus))).toEqual([
        'FiresOn firing',
        'FiresOn resolved',
      ]);
    });

    it('resolves what it lost sight of, and what one of two Prometheus no longer sees; each fires on with the same startsAt', {
      timeout: 60_000,
    }, async () => {
      await using parts = new AsyncDisposableStack();
      const { receiver, alertmanager } = await answering(parts, [200], 1);
      const [began, later] = [new Date(Date.now() - 60_000), new Date(Date.now() - 50_000)];
      const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();
      const said = () => receiver.of('200').flatMap(({ alerts }) => alerts);
      const until = (count: number) =>
        eventually(() => expect(said().length).toBeGreaterThanOrEqual(count), slow);

      // As Prometheus does: it fires until then, unless it is told again.
      const lost = { ...alertFor('200', 'Lost'), startsAt: began.toISOString() };
      await alertmanager.post([{ ...lost, endsAt: inSeconds(2) }]);
      await until(2);
      await alertmanager.post([{ ...lost, endsAt: inSeconds(60) }]);
      await until(3);

      // Two that watch the same, of which one had begun later.
      const seen = alertFor('200', 'Seen');
      await alertmanager.post([
        { ...seen, startsAt: began.toISOString(), endsAt: inSeconds(60) },
        { ...seen, startsAt: later.toISOString(), endsAt: inSeconds(60) },
      ]);
      await until(4);
      await alertmanager.post([{ ...seen, startsAt: began.toISOString(), endsAt: inSeconds(0) }]);
      await until(5);
      await alertmanager.post([{ ...seen, startsAt: later.toISOString(), endsAt: inSeconds(60) }]);
      await until(6);

      expect(said().map((alert) => [nameAndStatus(alert), Date.parse(alert.startsAt)])).toEqual(
        ['Lost', 'Seen'].flatMap((name) =>
          ['firing', 'resolved', 'firing'].map((status) => [`${name} ${status}`, began.getTime()]),
        ),
      );
    });
  },
);

const nameAndStatus = ({ status, labels }: { status: string; labels: Record<string, string> }) =>
  `${labels['alertname']} ${status}`;
