/** Some looks a second miss no growth that lasts. */
const intervalMs = 50;

export interface Watched {
  readonly peakBytes: number;
  readonly seconds: number;
}

/** Looks at the memory of a process while something happens. */
export function watchMemory(memoryBytes: () => number) {
  return {
    /** The most that it held meanwhile, and how long it took. */
    async during(work: () => Promise<void>): Promise<Watched> {
      let peakBytes = memoryBytes();
      const timer = setInterval(() => {
        peakBytes = Math.max(peakBytes, memoryBytes());
      }, intervalMs);
      const startedAt = performance.now();
      try {
        await work();
      } finally {
        clearInterval(timer);
      }
      return { peakBytes, seconds: (performance.now() - startedAt) / 1000 };
    },
  };
}
