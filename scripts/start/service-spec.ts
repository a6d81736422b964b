import { join } from 'node:path';

/** One service of the stack: its module and its port. */
export interface ServiceSpec {
  readonly name: string;
  /** The module to run. */
  readonly main: string;
  /** The variable that chooses its port. */
  readonly portVariable: string;
  readonly defaultPort: number;
}

const names = ['gateway', 'auth', 'chat', 'video', 'storage'];
const firstPort = 8080;

/** The five services of this repository. */
export function servicesOf(root: string): ServiceSpec[] {
  return names.map((name, index) => ({
    name,
    main: join(root, 'services', name, 'src/main.ts'),
    portVariable: `${name.toUpperCase()}_PORT`,
    defaultPort: firstPort + index,
  }));
}
