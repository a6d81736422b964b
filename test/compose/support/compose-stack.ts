import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { environmentFile } from '../../../scripts/compose/environment-file.ts';
import { type CommandOptions, linesOf, root, said } from './command.ts';
import { untilAllHealthy } from './container.ts';
import { type ComposeVersion, composeCommands } from './engine.ts';
import { project } from './project.ts';

const longestUpMs = 900_000;

/** Services whose image cannot be had everywhere; named where they are to be left out. */
const leftOut = (process.env['COMPOSE_TEST_WITHOUT'] ?? '').split(',').filter(Boolean);

export interface StackOptions {
  readonly version: ComposeVersion;
  /** Beside docker-compose.yml, with the profile of its name: `scale`, `ha`. */
  readonly variant?: 'scale' | 'ha';
}

/** A stack of docker-compose.yml under a project and secrets of its own. */
export class ComposeStack implements AsyncDisposable {
  readonly secrets: Readonly<Record<string, string | undefined>>;
  readonly #version: ComposeVersion;
  readonly #folder: string;
  #variant: StackOptions['variant'];

  private constructor(version: ComposeVersion, folder: string, secrets: NodeJS.ProcessEnv) {
    this.#version = version;
    this.#folder = folder;
    this.secrets = secrets;
  }

  /** Nothing is started yet. Throws where a stack runs already: names and ports are the same. */
  static async prepare({ version, variant }: StackOptions): Promise<ComposeStack> {
    const others = await linesOf(['docker', 'ps', '-aq', '--filter', 'name=^/api-gateway$']);
    if (others.length > 0) {
      throw new Error('A stack of docker-compose.yml is there already. Take it down first.');
    }
    const folder = await mkdtemp(join(tmpdir(), 'secureconnect-compose-'));
    const file = join(folder, '.env');
    await writeFile(file, environmentFile(), { mode: 0o600 });
    await writeFile(join(folder, 'left-out.yml'), withoutServices(leftOut));
    const stack = new ComposeStack(version, folder, parseEnv(await readFile(file, 'utf8')));
    stack.#variant = variant;
    return stack;
  }

  /** From here on commands are about this variant too. */
  become(variant: 'scale' | 'ha'): void {
    this.#variant = variant;
  }

  /** The words of a compose command for this stack. */
  command(...words: readonly string[]): string[] {
    const variant = this.#variant;
    const files = ['docker-compose.yml', ...(variant ? [`docker-compose.${variant}.yml`] : [])];
    const paths = files.map((file) => join(root, file));
    return [
      ...composeCommands[this.#version],
      '--project-name',
      project,
      '--env-file',
      join(this.#folder, '.env'),
      ...[...paths, join(this.#folder, 'left-out.yml')].flatMap((path) => ['--file', path]),
      ...(variant ? ['--profile', variant] : []),
      ...words,
    ];
  }

  compose(words: readonly string[], options?: CommandOptions): Promise<string> {
    return said(this.command(...words), options);
  }

  /** Builds and starts everything, and waits until it is healthy. */
  async up(): Promise<void> {
    const options = { timeoutMs: longestUpMs, shown: true };
    await this.compose(['up', '--detach', '--build'], options);
    await untilAllHealthy();
  }

  async down(): Promise<void> {
    await this.compose(['down', '--volumes', '--remove-orphans'], { timeoutMs: 180_000 });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.down();
    await rm(this.#folder, { recursive: true });
  }
}

/** An override that puts services behind a profile that nobody asks for. */
function withoutServices(names: readonly string[]): string {
  const services = names.map((name) => [name, { profiles: ['left-out'] }]);
  return JSON.stringify({ services: Object.fromEntries(services) });
}
