export { explainCommandFailure, explainWrongOptions } from './command-failure.ts';
export {
  type Database,
  type DatabaseOptions,
  openDatabase,
  type Sql,
  type SqlValue,
} from './database.ts';
export { type MigrateOptions, migrate } from './migrate.ts';
export { pendingMigrations } from './pending-migrations.ts';
export { repeatWhileFull } from './repeat-while-full.ts';
export { isRelationMissing, violatesUnique } from './sql-state.ts';
export { databasePlace, explainDatabaseFailure, explainServiceFailure } from './start-failure.ts';
export { type DatabaseSurvey, surveyDatabase } from './survey-database.ts';
export type { TransactionOptions } from './transaction.ts';
export {
  isDatabaseLate,
  isDatabaseOutage,
  isDatabaseUnavailable,
  noteOutage,
} from './unavailable.ts';
