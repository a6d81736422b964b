declare module 'vitest' {
  /** The values that the global set-up of a test run provides to the tests. */
  export interface ProvidedContext {
    /** The URL of a PostgreSQL in which databases may be created. */
    postgresUrl: string;
    /** The full path of a Redis server; '' if there is none. */
    redisProgram: string;
  }
}

export {};
