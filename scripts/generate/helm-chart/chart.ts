import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import type { Generator } from '../generator.ts';
import { readBase, readObjects } from './base-objects.ts';
import { chartFacts } from './chart-facts.ts';
import type { JsonObject } from './json.ts';
import { objectTemplate } from './object-template.ts';
import { chartValues } from './values.ts';
import { schemaFile, valuesFile } from './values-files.ts';

const root = join(import.meta.dirname, '../../..');
const chart = 'deploy/helm/secureconnect';

/** Everything of the Helm chart that deploy/kubernetes and package.json decide. */
export async function helmChart(): Promise<readonly Generator[]> {
  const files = await readBase();
  const facts = await chartFacts(files);
  const values = chartValues(facts);
  const further = [
    { path: 'network/stores.yaml', source: 'overlays/production/network-policies.yaml' },
    {
      path: 'monitoring/service-monitor.yaml',
      source: 'components/monitoring/service-monitor.yaml',
    },
    { path: 'monitoring/network-policy.yaml', source: 'components/monitoring/network-policy.yaml' },
  ];
  const read = further.map(async (file) => ({ ...file, objects: await readObjects(file.source) }));
  const templates = [...files, ...(await Promise.all(read))].flatMap(
    ({ path, source, objects }) => {
      const text = templateFile(dirname(path), source, objects);
      return text === undefined ? [] : [generator(`templates/${path}`, async () => text)];
    },
  );
  return [
    generator('Chart.yaml', chartFile),
    generator(
      'values.yaml',
      async () => `# ${origin('deploy/kubernetes')}\n\n${valuesFile(values)}`,
    ),
    generator('values.schema.json', async () => schemaFile(values)),
    generator('templates/_fixed-settings.tpl', async () =>
      piece(
        'fixedSettings',
        'base/settings.env',
        stringify(Object.fromEntries(facts.settings.fixed)),
      ),
    ),
    generator('templates/_required-keys.tpl', async () =>
      piece('requiredKeys', 'base', facts.requiredKeys),
    ),
    ...templates,
    ...(await ruleFiles()),
  ];
}

function generator(path: string, render: () => Promise<string>): Generator {
  return { file: `${chart}/${path}`, render };
}

function origin(source: string): string {
  return `Written by \`npm run generate\` from ${source}.`;
}

function templateFile(
  folder: string,
  source: string,
  objects: readonly JsonObject[],
): string | undefined {
  const texts = objects.flatMap((object) => objectTemplate(folder, object) ?? []);
  if (texts.length === 0) return undefined;
  return `{{- /* ${origin(`deploy/kubernetes/${source}`)} */ -}}\n${texts.join('---\n')}`;
}

/** The rules of Prometheus, which the chart cannot read outside its folder. */
async function ruleFiles(): Promise<readonly Generator[]> {
  const folder = 'deploy/prometheus/rules';
  const names = (await readdir(join(root, folder))).filter((name) => name.endsWith('.yml'));
  return names.sort().map((name) =>
    generator(`files/rules/${name}`, async () => {
      const text = await readFile(join(root, folder, name), 'utf8');
      return `# ${origin(`${folder}/${name}`)}\n${text}`;
    }),
  );
}

/** A piece of text that other templates include. */
function piece(name: string, source: string, text: string): string {
  const comment = origin(`deploy/kubernetes/${source}`);
  return `{{- /* ${comment} */ -}}\n{{- define "secureconnect.${name}" -}}\n${text}{{- end }}\n`;
}

async function chartFile(): Promise<string> {
  const { version, description } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  return `# ${origin('package.json')}
apiVersion: v2
name: secureconnect
description: ${JSON.stringify(description)}
type: application
version: ${version}
appVersion: ${JSON.stringify(version)}
# The pods' preStop: sleep, and matchLabelKeys of the anti-affinity.
kubeVersion: ">=1.32.0-0"
keywords: [messaging, calls, files, self-hosted]
`;
}
