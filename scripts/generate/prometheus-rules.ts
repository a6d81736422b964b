import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Generator } from './generator.ts';

const rules = join(import.meta.dirname, '../../deploy/prometheus/rules');

/** The Prometheus rules as objects of the Prometheus operator, which reads no files. */
export const prometheusRules: Generator = {
  file: 'deploy/kubernetes/components/monitoring/prometheus-rules.yaml',
  async render() {
    const files = (await readdir(rules)).filter((file) => file.endsWith('.yml')).sort();
    const objects = await Promise.all(
      files.map(async (file) => object(file, await readFile(join(rules, file), 'utf8'))),
    );
    return `# Written by \`npm run generate\` from deploy/prometheus/rules.\n${objects.join('---\n')}`;
  },
};

function object(file: string, text: string): string {
  const spec = text.trimEnd().replace(/^(?=.)/gm, '  ');
  return `apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: secureconnect-${basename(file, '.yml')}
spec:
${spec}
`;
}
