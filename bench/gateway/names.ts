/** Gateways, and what people put in front of services by hand, in the order of the tables. */
export const subjectNames = ['secureconnect', 'express', 'fastify', 'undici', 'nginx'] as const;
export type SubjectName = (typeof subjectNames)[number];

/** What is sent through them. */
export const workNames = ['GET', 'POST of 1 kB', 'upgrade of a socket'] as const;
export type WorkName = (typeof workNames)[number];

/** What a subject in a process of Node.js is given. */
export interface SubjectSettings {
  readonly redisUrl: string;
  readonly databaseUrl: string;
  /** The secret of the access tokens. */
  readonly secret: string;
  /** Of the service behind it. */
  readonly upstreamUrl: string;
}

/** Requests of a user in a minute; the load stays below. */
export const limitPerMinute = 100;

/** A subject under one kind of work, once. */
export interface Measurement {
  readonly subject: SubjectName;
  readonly work: WorkName;
  /** Processor time of the subject's process for each request. */
  readonly cpuMicroseconds: number;
  readonly requestsPerSecond: number;
  /** Memory of that process afterwards. */
  readonly memoryBytes: number;
}
