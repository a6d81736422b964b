import { spawnSync } from 'node:child_process';

const answers = ([program = '', ...values]: readonly string[]): boolean =>
  spawnSync(program, values, { stdio: 'ignore' }).status === 0;

/** Whether a Docker engine answers. */
const engineAnswers = answers(['docker', 'version']);

/** Both kinds of Compose, by what they are called with. */
export const composeCommands = { one: ['docker-compose'], two: ['docker', 'compose'] } as const;
export type ComposeVersion = keyof typeof composeCommands;

/** Whether this machine has it. */
export function hasCompose(version: ComposeVersion): boolean {
  return engineAnswers && answers([...composeCommands[version], 'version']);
}

/** Whether the engine's newer builder can be asked to check. */
export const hasBuildx = engineAnswers && answers(['docker', 'buildx', 'version']);
