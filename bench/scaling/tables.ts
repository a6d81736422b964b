import { digits, table } from '../support/markdown.ts';
import type { Costs } from './costs.ts';
import { type Plan, planFor, socketsOfInstance } from './plan.ts';
import { assumptions, type Workload } from './workload.ts';

/** A number in words of size: `1.2 million`. */
function sized(value: number): string {
  if (value >= 1e6) return `${digits(value / 1e6)} million`;
  return digits(value);
}

const bytes = (value: number): string =>
  value >= 1e12 ? `${digits(value / 1e12)} TB` : `${digits(value / 1e9)} GB`;

const rows: readonly (readonly [string, (plan: Plan) => string])[] = [
  ['messages a second', (plan) => sized(plan.messagesPerSecond)],
  ['deliveries a second', (plan) => sized(plan.deliveriesPerSecond)],
  ['other requests a second', (plan) => sized(plan.requestsPerSecond)],
  ['open sockets', (plan) => sized(plan.sockets)],
  ['instances of gateway', (plan) => digits(plan.gatewayInstances)],
  ['instances of chat', (plan) => digits(plan.chatInstances)],
  ['instances of auth', (plan) => digits(plan.authInstances)],
  ['instances of storage, files in a directory', (plan) => digits(plan.storageInstances)],
  ['cores of the database, for messages', (plan) => digits(plan.databaseCores)],
  ['database, with the messages kept', (plan) => bytes(plan.databaseBytes)],
  ['Redis, for sessions', (plan) => bytes(plan.redisBytes)],
];

/** The sizes that docs/scaling.md shows. */
export const shownUsers = [10_000, 1_000_000, 100_000_000];

/** What so many users need, a column each. */
export function planTable(
  users: readonly number[],
  { workload, costs }: { readonly workload: Workload; readonly costs: Costs },
): string {
  const plans = users.map((count) => planFor(count, workload, costs));
  const head = ['at the busiest time', ...users.map((count) => `${sized(count)} users`)];
  return table(
    head,
    rows.map(([what, cell]) => [what, ...plans.map(cell)]),
  );
}

/** What the plan is computed from. */
export function assumptionTable(workload: Workload): string {
  const names = Object.keys(assumptions) as (keyof Workload)[];
  return table(
    ['assumption', 'is'],
    names.map((name) => [assumptions[name].says, digits(workload[name])]),
  );
}

/** What one instance carries by its processor, at the planned load. */
export function instanceTable(costs: Costs, { plannedLoad }: Workload): string {
  const perSecond = (us: number): string => digits((plannedLoad * 1e6) / us);
  const cost = (us: number): string => (us < 1000 ? `${digits(us)} µs` : `${digits(us / 1000)} ms`);
  const row = (what: string, us: number, command: string): string[] => [
    what,
    cost(us),
    perSecond(us),
    `\`npm run bench:${command}\``,
  ];
  const idle = costs.chatIdleSocketUsPerSecond;
  return table(
    ['what', 'processor time', 'one instance, a second', 'measured by'],
    [
      row('gateway: a proxied request', costs.gatewayRequestUs, 'gateway'),
      row('gateway: a socket opens', costs.gatewayUpgradeUs, 'gateway'),
      row('chat: a message in a group of ten, many at once', costs.chatMessageUs, 'chat-stores'),
      row('chat: a delivery, few at once, over four instances', costs.chatDeliveryUs, 'fleet'),
      row('chat: a socket opens', costs.chatOpenSocketUs, 'fleet'),
      row('chat: `GET /v1/messages`', costs.serviceRequestUs, 'trees'),
      row('auth: a sign-in, bcrypt cost 10', costs.signInUs, 'sign-in'),
      row('storage: 100 kB into a directory', costs.uploadUs, 'storage'),
      [
        `chat: ${digits(socketsOfInstance)} idle sockets`,
        `${digits((socketsOfInstance * idle) / 1000)} ms/s`,
        `${digits(costs.chatProcessMiB + (socketsOfInstance * costs.chatSocketKiB) / 1024)} MiB`,
        '`npm run bench:fleet`, `bench:memory`',
      ],
    ],
  );
}

/** The part of docs/scaling.md that is computed. */
export function scalingSection(given: {
  readonly workload: Workload;
  readonly costs: Costs;
}): string {
  return [
    '### What one instance carries',
    instanceTable(given.costs, given.workload),
    '### What users need',
    planTable(shownUsers, given),
    '### Assumptions',
    assumptionTable(given.workload),
  ].join('\n\n');
}
