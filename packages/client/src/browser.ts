export { IndexedDbStore } from './stores/indexed-db-store.ts';
