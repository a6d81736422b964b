import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Generator } from './generator.ts';

const dashboards = join(import.meta.dirname, '../../deploy/grafana/dashboards');

/** The component of the dashboards, because kustomize names each file. */
export const grafanaComponent: Generator = {
  file: 'deploy/grafana/kustomization.yaml',
  async render() {
    const files = (await readdir(dashboards)).filter((file) => file.endsWith('.json')).sort();
    return `# Written by \`npm run generate\` from the files in dashboards.
# The dashboards as ConfigMaps, for a Grafana whose sidecar looks for this label. Their names have no
# hash, so that a changed dashboard replaces the former one.
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
generatorOptions:
  disableNameSuffixHash: true
  labels:
    grafana_dashboard: "1"
configMapGenerator:
${files.map(configMap).join('')}`;
  },
};

function configMap(file: string): string {
  return `  - name: secureconnect-dashboard-${basename(file, '.json')}
    files: [dashboards/${file}]
`;
}
