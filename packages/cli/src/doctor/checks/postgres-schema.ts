import type { Check } from '../check.ts';
import { expectedMigrations } from '../generated/migrations.ts';
import { fail, type Problem, verdict, warn } from '../outcome.ts';
import { answeringDatabase } from '../postgres/of-postgres.ts';

/** The tables are those of this version: each migration has run, and none of a later version. */
export const postgresSchemaCheck: Check = {
  name: 'postgres-schema',
  finds: 'migrations of this version that have not run, and some of a later version',
  source: 'operations.md#upgrades',
  async run(deployment) {
    const { migrations } = await answeringDatabase(deployment);
    const schemas = Object.entries(expectedMigrations);
    const problems = schemas.flatMap(([schema, expected]) =>
      problemsOf(schema, expected, migrations.get(schema)),
    );
    const count = schemas.reduce((sum, [, names]) => sum + names.length, 0);
    return verdict(problems, `all ${count} migrations of ${schemas.length} schemas`);
  },
};

function problemsOf(
  schema: string,
  expected: readonly string[],
  run: readonly string[] | undefined,
): Problem[] {
  const migrate = 'Run the migrations: node scripts/migrate.ts (docs/operations.md, Upgrades).';
  if (run === undefined) {
    return [fail(`the schema ${schema} is missing`, 'all schemas of this version', migrate)];
  }
  const missing = expected.filter((name) => !run.includes(name));
  const unknown = run.filter((name) => !expected.includes(name));
  const problems: Problem[] = [];
  if (missing.length > 0) {
    const found = `${schema} lacks ${missing.length} migrations, the first of them ${missing[0]}`;
    problems.push(fail(found, 'all migrations of this version', migrate));
  }
  if (unknown.length > 0) {
    const found = `${schema} has ${unknown[0]}, which this version does not know`;
    const action = 'Use the doctor of the version that the services run.';
    problems.push(warn(found, 'no migrations of a later version', action));
  }
  return problems;
}
