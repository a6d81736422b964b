export { FileStore } from './stores/file-store.ts';
