/** What the users of a deployment do; `npm run scaling -- --help` explains each. */
export interface Workload {
  readonly messagesPerDay: number;
  readonly requestsPerDay: number;
  readonly signInsPerDay: number;
  readonly filesPerDay: number;
  readonly membersPerGroup: number;
  readonly socketsPerUser: number;
  readonly peakFactor: number;
  readonly plannedLoad: number;
  readonly keptDays: number;
}

interface Assumption {
  readonly default: number;
  readonly says: string;
}

/** Nobody's measurement: replace them by what your own users do. */
export const assumptions: Readonly<Record<keyof Workload, Assumption>> = {
  messagesPerDay: { default: 40, says: 'messages that a user sends in a day' },
  requestsPerDay: { default: 100, says: 'other requests of a user in a day' },
  signInsPerDay: { default: 0.2, says: 'sign-ins of a user in a day' },
  filesPerDay: { default: 0.5, says: 'files that a user uploads in a day' },
  membersPerGroup: { default: 10, says: 'members of a conversation, the sender included' },
  socketsPerUser: { default: 0.3, says: 'open sockets at the busiest time, for each user' },
  peakFactor: { default: 3, says: 'busiest second of the day ÷ mean second' },
  plannedLoad: { default: 0.5, says: 'share of a core that is used at the busiest time' },
  keptDays: { default: 365, says: 'days for which messages are kept' },
};

export const defaultWorkload = Object.fromEntries(
  Object.entries(assumptions).map(([name, { default: value }]) => [name, value]),
) as unknown as Workload;
