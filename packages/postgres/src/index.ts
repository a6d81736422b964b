export {
  type Database,
  type DatabaseOptions,
  openDatabase,
  type Sql,
  type SqlValue,
  violatesUnique,
} from './database.ts';
export { type MigrateOptions, migrate } from './migrate.ts';
export { isDatabaseUnavailable } from './unavailable.ts';
