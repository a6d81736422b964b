/** What tests outside this package use: `@secureconnect/postgres/testing`. */
export { migrateServices } from './migrate-services.ts';
export { migratedDatabase, openMigratedDatabase } from './migrated-database.ts';
