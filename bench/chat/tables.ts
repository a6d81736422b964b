import { digits, ratio, since, table } from '../support/markdown.ts';
import { medianOf } from '../support/statistics.ts';
import { type Percentiles, type RoomSize, roomSizes, type State, states } from './measurement.ts';
import { type ChatResults, medianIn, ratioIn, totalsOf, type Which } from './results.ts';
import { type SubjectName, subjectNames, subjectTitles } from './subject-names.ts';

const peer: SubjectName = 'socket.io';

/** The whole section of the document. */
export function chatTables(results: ChatResults): string {
  const names = subjectNames.filter((name) => results.runs.has(name));
  const leftOut = subjectNames.filter((name) => !results.runs.has(name));
  const count = Math.max(...[...results.runs.values()].map(({ length }) => length));
  return [
    `Medians of ${count} runs on ${results.machine}.`,
    ...leftOut.map((name) => `**${subjectTitles[name]}** was skipped: it was not available.`),
    '### Normal',
    speedTable(results, names, 'normal'),
    '### Redis killed',
    speedTable(results, names, 'Redis killed'),
    reachTable(results, names),
    endOfPeer(results),
    '### Missed and duplicate deliveries, all runs',
    countTable(results, names),
    closedSockets(results, names),
  ].join('\n\n');
}

/** A cell for each size of room: deliveries a second first, then latencies. */
function speedCells(
  deliveries: (which: Which) => string,
  latency: (which: Which) => string,
  state: State,
): string[] {
  return [
    ...roomSizes.map((sockets) => deliveries({ state, sockets, loop: 'closed' })),
    ...roomSizes.map((sockets) => latency({ state, sockets, loop: 'open' })),
  ];
}

function speedTable(results: ChatResults, names: readonly SubjectName[], state: State): string {
  const rows = names.map((name) => [
    subjectTitles[name],
    ...speedCells(
      (which) => rounded(medianIn(results, name, which, (one) => one.deliveriesPerSecond)),
      (which) => percentilesIn(results, name, which, 'allMs'),
      state,
    ),
  ]);
  const head = [
    '',
    ...roomSizes.map((size) => `deliveries/s, ${size} sockets`),
    ...roomSizes.map((size) => `p50 / p99 in ms, ${size} sockets`),
  ];
  const ratios = state === 'normal' ? ratiosToPeer : ratiosToUsual;
  return table(head, [...rows, ...ratios(results, names)]);
}

function ratiosToPeer(results: ChatResults, names: readonly SubjectName[]): string[][] {
  return names
    .filter((name) => name !== peer)
    .map((name) => ratioRow(results, `${subjectTitles[name]} ÷ ${peer}`, name, peer, 'normal'));
}

function ratiosToUsual(results: ChatResults, names: readonly SubjectName[]): string[][] {
  return names.map((name) =>
    ratioRow(results, `${subjectTitles[name]}, killed ÷ normal`, name, name, 'Redis killed'),
  );
}

/**
 * Below deliveries and below latencies their ratios, all to `other` in normal operation.
 */
function ratioRow(
  results: ChatResults,
  title: string,
  name: SubjectName,
  other: SubjectName,
  state: State,
): string[] {
  const usual = (which: Which) => ({
    name: other,
    which: { ...which, state: 'normal' } as const,
  });
  return [
    title,
    ...speedCells(
      (which) =>
        ratio(ratioIn(results, { name, which }, usual(which), (one) => one.deliveriesPerSecond)),
      (which) =>
        (['p50', 'p99'] as const)
          .map((kind) => ratioIn(results, { name, which }, usual(which), (one) => one.allMs[kind]))
          .map(ratio)
          .join(' / '),
      state,
    ),
  ];
}

/** Whom messages reach without Redis, and after how long. */
function reachTable(results: ChatResults, names: readonly SubjectName[]): string {
  const rows = names.flatMap((name) => roomSizes.map((size) => reachRow(results, name, size)));
  const head = ['without Redis', 'sockets', 'deliveries that arrived'];
  const where = ["on the sender's instance", 'on the other instance'];
  return table([...head, ...where.map((one) => `p50 / p99 in ms ${one}`)], rows);
}

function reachRow(results: ChatResults, name: SubjectName, sockets: RoomSize): string[] {
  const which: Which = { state: 'Redis killed', sockets, loop: 'open' };
  const share = medianIn(results, name, which, ({ due, missed }) => (due - missed) / due);
  return [
    subjectTitles[name],
    digits(sockets),
    `${digits(100 * share)} %`,
    percentilesIn(results, name, which, 'nearMs'),
    percentilesIn(results, name, which, 'farMs'),
  ];
}

function endOfPeer({ runs }: ChatResults): string {
  const after = medianOf((runs.get(peer) ?? []).map((one) => one.wouldHaveEndedAfterMs));
  return `Node would have ended a process of ${peer} ${since(after)} after the kill if the benchmark had not prevented it.`;
}

function countTable({ runs }: ChatResults, names: readonly SubjectName[]): string {
  const rows = names.flatMap((name) =>
    states.map((state) => {
      const totals = totalsOf(runs.get(name) ?? [], state);
      const { messages, due, missed, doubled, echoed, refused } = totals;
      const counts = [messages, due, missed, doubled, echoed, refused];
      return [`${subjectTitles[name]}, ${state}`, ...counts.map(digits)];
    }),
  );
  const head = ['', 'messages', 'deliveries due', 'missed', 'duplicate', 'echoed', 'refused'];
  return table(head, rows);
}

function closedSockets({ runs }: ChatResults, names: readonly SubjectName[]): string {
  const closed = names
    .map((name) => ({
      name,
      count: (runs.get(name) ?? []).reduce((sum, one) => sum + one.closed, 0),
    }))
    .filter(({ count }) => count > 0)
    .map(({ name, count }) => `${digits(count)} of ${subjectTitles[name]}`);
  return closed.length === 0
    ? 'No socket was closed during the runs.'
    : `**Sockets closed during the runs**: ${closed.join('; ')}.`;
}

function percentilesIn(
  results: ChatResults,
  name: SubjectName,
  which: Which,
  kind: 'allMs' | 'nearMs' | 'farMs',
): string {
  const of = (pick: (values: Percentiles) => number): string =>
    digits(medianIn(results, name, which, (one) => pick(one[kind])));
  return `${of(({ p50 }) => p50)} / ${of(({ p99 }) => p99)}`;
}

function rounded(value: number): string {
  return digits(Math.round(value));
}
