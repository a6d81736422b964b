import { migrateServices } from '@secureconnect/postgres/testing';
import { type Random, randomStream } from '../chaos/random.ts';
import { type CrashEnd, crashBetween, crashEnds } from './crash.ts';
import { type GatewayProcess, gatewayVariables, startGatewayProcess } from './gateway-process.ts';
import type { Operation } from './history.ts';
import { readActive } from './listing.ts';
import { type Plan, type PlannedDelivery, planDeliveries, type Story } from './plan.ts';
import { Progress } from './progress.ts';
import { Queue } from './queue.ts';
import type { Fault, RedisGround } from './redis-ground.ts';
import { Sender } from './sender.ts';

export interface DeliveriesOptions {
  readonly seed: string;
  readonly alerts: number;
  readonly deliveries: number;
  /** Alerts that are resolved and fire again in the second phase. */
  readonly resolved: number;
  readonly ground: RedisGround;
  /** An empty database. */
  readonly databaseUrl: string;
  /** Told of everything that goes wrong, as it begins. */
  readonly announce: (line: string) => void;
}

/** What happened in a run. */
export interface DeliveriesRun {
  readonly plan: Plan;
  readonly history: readonly Operation[];
  /** Deliveries that were accepted, of either phase. */
  readonly accepted: number;
  /** Attempts by their status; 0 where no reply came. */
  readonly statuses: ReadonlyMap<number, number>;
  /** What the alerts of the crashes were answered when they were accepted at last. */
  readonly crashes: ReadonlyMap<CrashEnd, Operation['outcome'] | undefined>;
  readonly faults: readonly string[];
  /** Lines at `error` of the gateways. */
  readonly errors: readonly string[];
  readonly seconds: number;
}

const senders = 24;
/** One round of faults for so many deliveries. */
const roundOf = 10_000;

/** Delivers everything to two gateways, in both phases, while Redis fails and gateways are killed. */
export async function runDeliveries(options: DeliveriesOptions): Promise<DeliveriesRun> {
  const { databaseUrl, ground } = options;
  await migrateServices(databaseUrl, ['auth', 'gateway']);
  await using parts = new AsyncDisposableStack();
  const variables = { ...gatewayVariables(databaseUrl), ...ground.variables };
  const gateways = [
    parts.use(await startGatewayProcess(variables)),
    parts.use(await startGatewayProcess(variables)),
  ];
  const run = new Run(options, gateways);
  parts.defer(() => run.stop());
  await run.fire();
  await run.resolveAndFireAgain();
  const { plan, history, statuses, crashes, faults, progress } = run;
  return {
    ...{ plan, history, statuses, crashes, faults, accepted: progress.accepted },
    errors: gateways.flatMap(({ errors }) => errors),
    seconds: run.nowUs() / 1e6,
  };
}

/** One thing that happens while alerts are delivered. */
interface Step {
  readonly name: string;
  prepare(): Promise<void>;
  happen(): Promise<void>;
}

class Run {
  readonly plan: Plan;
  readonly history: Operation[] = [];
  readonly statuses = new Map<number, number>();
  readonly crashes = new Map<CrashEnd, Operation['outcome'] | undefined>();
  readonly faults: string[] = [];
  readonly progress = new Progress();
  readonly #options: DeliveriesOptions;
  readonly #gateways: readonly GatewayProcess[];
  readonly #random: Random;
  readonly #origin = performance.now();
  readonly #stopped = new AbortController();

  constructor(options: DeliveriesOptions, gateways: readonly GatewayProcess[]) {
    this.#options = options;
    this.#gateways = gateways;
    this.plan = planDeliveries(options);
    this.#random = randomStream(options.seed, 'run');
  }

  /** Ends what is still sent where the run has failed. */
  stop(): void {
    this.#stopped.abort();
  }

  readonly nowUs = (): number => Math.round((performance.now() - this.#origin) * 1000);

  /** The first phase: everything fires. */
  async fire(): Promise<void> {
    const { alerts, deliveries } = this.plan;
    const victims = crashEnds.map((end, index) => ({ end, alert: alerts[index] ?? alerts[0] }));
    const held = victims.flatMap(({ alert }) => alert?.fingerprint ?? []);
    const queue = new Queue(deliveries, held, this.#random);
    const crashes = victims.flatMap(({ end, alert }) =>
      alert === undefined ? [] : [this.#crashStep(end, alert, queue)],
    );
    const faults = this.#faultSteps(Math.max(1, Math.round(deliveries.length / roundOf)));
    // The crashes among the faults, early enough for what they hold back.
    const steps = [...faults.slice(0, 1), ...crashes.slice(0, 1), ...faults.slice(1, 2)];
    steps.push(...crashes.slice(1), ...faults.slice(2));
    await Promise.all([this.#happen(steps, deliveries.length), this.#sendAll(queue)]);
    // What a crash has held back until the senders had nothing left.
    await this.#sendAll(queue);
    await this.#read();
  }

  /** The second phase: some alerts are resolved, and fire again. */
  async resolveAndFireAgain(): Promise<void> {
    const stories = [...this.plan.stories];
    const total = stories.reduce((sum, { later }) => sum + 1 + later.length, 0);
    const steps = this.#faultSteps(1).slice(0, 2);
    const telling = this.#senders('resolver', async (sender) => {
      for (let next = stories.pop(); next !== undefined; next = stories.pop()) {
        await this.#tell(sender, next);
      }
    });
    await Promise.all([this.#happen(steps, total), telling]);
    await this.#read();
  }

  async #tell(sender: Sender, { resolved, later }: Story): Promise<void> {
    await this.#deliver(sender, resolved);
    await Promise.all(later.map((delivery) => this.#deliver(sender, delivery)));
  }

  async #sendAll(queue: Queue): Promise<void> {
    await this.#senders('sender', async (sender) => {
      for (let next = queue.next(); next !== undefined; next = queue.next()) {
        await this.#deliver(sender, next);
      }
    });
  }

  async #deliver(sender: Sender, delivery: PlannedDelivery): Promise<void> {
    await sender.deliver(delivery);
    this.progress.note();
  }

  /** Lets every step happen at its point of the deliveries, which are evenly apart. */
  async #happen(steps: readonly Step[], deliveries: number): Promise<void> {
    const before = this.progress.accepted;
    for (const [index, step] of steps.entries()) {
      await step.prepare();
      const point = before + Math.floor((deliveries * (index + 1)) / (steps.length + 2));
      await this.progress.reached(point);
      const at = `${(this.nowUs() / 1e6).toFixed(1)} s, ${this.progress.accepted} accepted`;
      this.#options.announce(`${at}: ${step.name}`);
      this.faults.push(step.name);
      await step.happen();
    }
  }

  #faultSteps(rounds: number): Step[] {
    const urls = this.#gateways.map(({ url }) => url);
    const step = (fault: Fault): Step => ({
      name: `Redis is ${fault.name}`,
      prepare: () => fault.prepare(),
      happen: () => fault.strike(urls),
    });
    const { faults } = this.#options.ground;
    return Array.from({ length: rounds }, () => this.#random.shuffled(faults).map(step)).flat();
  }

  #crashStep(end: CrashEnd, alert: Plan['alerts'][number], queue: Queue): Step {
    const { databaseUrl, ground } = this.#options;
    const gateway = this.#random.pick(this.#gateways);
    const sender = this.#sender(`crash, ${end}`);
    const startsAtMs = this.plan.deliveries[0]?.startsAtMs ?? 0;
    return {
      name: `a gateway is killed between reservation and commit, ${end}`,
      prepare: async () => undefined,
      happen: async () => {
        const delivery = { status: 'firing', alerts: [alert], startsAtMs } as const;
        const redisPort = await ground.masterPort();
        await crashBetween({ gateway, sender, delivery, end, databaseUrl, redisPort });
        const { fingerprint } = alert;
        const own = this.history.filter((one) => one.fingerprint === fingerprint);
        this.crashes.set(end, own.find(({ outcome }) => outcome !== 'unknown')?.outcome);
        queue.release(fingerprint);
      },
    };
  }

  async #senders(name: string, work: (sender: Sender) => Promise<void>): Promise<void> {
    const all = Array.from({ length: senders }, (_, index) => this.#sender(`${name}-${index}`));
    await Promise.all(all.map(work));
  }

  #sender(name: string): Sender {
    return new Sender({
      name,
      urls: this.#gateways.map(({ url }) => url),
      random: randomStream(this.#options.seed, name),
      nowUs: this.nowUs,
      signal: this.#stopped.signal,
      record: (operation) => this.history.push(operation),
      attempted: (status) => this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1),
    });
  }

  /** Lists what is active, at each gateway. */
  async #read(): Promise<void> {
    const fingerprints = this.plan.alerts.map(({ fingerprint }) => fingerprint);
    for (const [index, { url }] of this.#gateways.entries()) {
      const read = await readActive(`reader-${index}`, url, fingerprints, this.nowUs);
      this.history.push(...read);
    }
  }
}
