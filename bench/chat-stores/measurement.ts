/** Members of the rooms; each has one socket. */
export const roomSizes = [10, 100] as const;
export type RoomSize = (typeof roomSizes)[number];

/** What the load generator has seen of one closed loop. */
export interface Loop {
  /** Messages that the server acknowledged. */
  readonly stored: number;
  readonly refused: number;
  readonly due: number;
  readonly missed: number;
  readonly doubled: number;
  /** From the first message to the last acknowledgement, in seconds. */
  readonly seconds: number;
  /** From when a message was sent to its delivery, in milliseconds. */
  readonly p50Ms: number;
}

/** One closed loop of one server, and what it cost. */
export interface Measurement extends Loop {
  readonly members: RoomSize;
  /** Processor time of the server and of the database meanwhile, in milliseconds. */
  readonly serverCpuMs: number;
  readonly databaseCpuMs: number;
}
