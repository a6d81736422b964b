import { type ReadonlySignal, signal } from '@preact/signals';
import type { RouteUse } from '../../app/route-use.ts';

/** The latest use of a route. */
export interface LatestUse extends RouteUse {
  readonly atMs: number;
  /** How often it was used with the same outcome, one after the other. */
  readonly times: number;
}

/** Routes that are kept: those used last. */
const maxRoutes = 30;
/** The page's own questions, which would hide what its people do. */
const own = ['GET /v1/degraded', 'GET /console/demo/redis', 'PUT /console/demo/redis'];

/** Which routes were used last, and how each has answered. */
export class Activity {
  readonly #uses = signal<readonly LatestUse[]>([]);

  /** One for each route, the latest first. */
  get uses(): ReadonlySignal<readonly LatestUse[]> {
    return this.#uses;
  }

  note(use: RouteUse, atMs: number = Date.now()): void {
    if (own.includes(use.route)) return;
    const before = this.#uses.value.find(({ route }) => route === use.route);
    const times = before?.mode === use.mode ? before.times + 1 : 1;
    const others = this.#uses.value.filter((each) => each !== before);
    this.#uses.value = [{ ...use, atMs, times }, ...others].slice(0, maxRoutes);
  }
}
