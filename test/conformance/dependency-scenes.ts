import { directoryScene, s3Scene } from './dependency-faults.ts';
import type { DependencyScene } from './dependency-scene.ts';
import { messageStoreScene } from './message-store-scene.ts';
import { remediationStoreScene } from './remediation-store-scene.ts';
import { upstreamScene } from './upstream-scene.ts';

/** Every dependency other than Redis, in the order of the table in docs/conformance.md. */
export const dependencyScenes: readonly DependencyScene[] = [
  directoryScene,
  s3Scene,
  messageStoreScene,
  remediationStoreScene,
  upstreamScene,
];
