declare module 'vitest' {
  /** What the global set-up of a test run hands to the tests. */
  export interface ProvidedContext {
    /** Of a PostgreSQL in which databases may be created. */
    postgresUrl: string;
    /** The full path of a Redis server; '' where there is none. */
    redisProgram: string;
  }
}

export {};
