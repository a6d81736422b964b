import { EventEmitter } from 'node:events';
import { type Drill, startDrill } from './drill.ts';

interface PortDrillEvents {
  /** A port is used no more, and until when. */
  drill: [{ port: string; endsAt: Date }];
  /** Its drill is over, by itself or not. */
  drillEnded: [{ port: string }];
}

/**
 * Drills of single ports: their calls get their fallbacks, or their refusals, while the dependency
 * itself is up, and every other port uses it. A mode recovers after each as after an outage.
 */
export class PortDrills extends EventEmitter<PortDrillEvents> {
  readonly #byPort = new Map<string, Drill>();

  /** Whether a port must not be used now. */
  holds(port: string): boolean {
    return this.#byPort.size > 0 && this.#byPort.has(port);
  }

  /** Whether there is any. */
  get any(): boolean {
    return this.#byPort.size > 0;
  }

  /** The ports in a drill, and when each drill ends by itself. */
  list(): { readonly port: string; readonly endsAt: Date }[] {
    return [...this.#byPort].map(([port, { endsAt }]) => ({ port, endsAt }));
  }

  /**
   * Acts as if the dependency had failed for this port alone.
   * @throws RangeError for a time that is not within an hour, Error during a drill of the port
   */
  begin(port: string, seconds: number): void {
    if (this.#byPort.has(port)) {
      throw new Error(`there is a drill of the port ${port} already; end it first`);
    }
    const drill = startDrill(seconds, () => this.end(port));
    this.#byPort.set(port, drill);
    this.emit('drill', { port, endsAt: drill.endsAt });
  }

  /** Ends the drill of a port, if there is one. */
  end(port: string): void {
    const drill = this.#byPort.get(port);
    if (drill === undefined) return;
    drill.stop();
    this.#byPort.delete(port);
    this.emit('drillEnded', { port });
  }
}
