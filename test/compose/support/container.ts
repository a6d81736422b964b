import { eventually } from '@secureconnect/testkit';
import { linesOf, said } from './command.ts';
import { project } from './project.ts';

/** What `docker inspect` says of a container, as far as it matters here. */
export interface Container {
  readonly Name: string;
  readonly RestartCount: number;
  readonly State: {
    readonly Status: string;
    readonly ExitCode: number;
    readonly Health?: { readonly Status: string };
  };
  readonly Config: { readonly User: string };
  readonly HostConfig: {
    readonly ReadonlyRootfs: boolean;
    readonly CapDrop: readonly string[] | null;
    readonly CapAdd: readonly string[] | null;
    readonly SecurityOpt: readonly string[] | null;
    readonly Memory: number;
    readonly PidsLimit: number | null;
    readonly RestartPolicy: { readonly Name: string };
    readonly PortBindings: Readonly<Record<string, readonly { readonly HostIp: string }[] | null>>;
  };
}

/** Every container of the project, ended ones too. */
export async function containers(): Promise<Container[]> {
  const filter = `label=com.docker.compose.project=${project}`;
  const ids = await linesOf(['docker', 'ps', '--all', '--quiet', '--filter', filter]);
  return ids.length === 0 ? [] : inspected(ids);
}

export async function container(name: string): Promise<Container> {
  const [found] = await inspected([name]);
  if (found === undefined) throw new Error(`There is no container ${name}.`);
  return found;
}

async function inspected(names: readonly string[]): Promise<Container[]> {
  return JSON.parse(await said(['docker', 'inspect', ...names])) as Container[];
}

/** `healthy`; for a job that has done its work `exited with 0`. */
export function stateOf({ State }: Container): string {
  const { Status, ExitCode, Health } = State;
  if (Status === 'exited') return `exited with ${ExitCode}`;
  return Health?.Status ?? Status;
}

const jobs = /(migrate|minio-bucket|minio-volume)/;

/** Waits until every container of the project is healthy, and its jobs have done their work. */
export async function untilAllHealthy(): Promise<void> {
  await eventually(
    async () => {
      const wrong = (await containers()).filter((one) => stateOf(one) !== expectedState(one));
      const states = wrong.map((one) => `${one.Name} is ${stateOf(one)}`);
      if (states.length > 0) throw new Error(states.join(', '));
    },
    { timeoutMs: 240_000, intervalMs: 1000 },
  );
}

function expectedState({ Name }: Container): string {
  return jobs.test(Name) ? 'exited with 0' : 'healthy';
}

/** Waits until a container is healthy. */
export async function untilHealthy(name: string): Promise<void> {
  await eventually(
    async () => {
      const state = stateOf(await container(name));
      if (state !== 'healthy') throw new Error(`${name} is ${state}`);
    },
    { timeoutMs: 90_000, intervalMs: 500 },
  );
}
