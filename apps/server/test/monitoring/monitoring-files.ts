import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

export const repository = fileURLToPath(new URL('../../../../', import.meta.url));
export const prometheusFolder = join(repository, 'deploy', 'prometheus');

export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

interface Dashboard {
  readonly panels: readonly {
    readonly title: string;
    readonly targets?: readonly { readonly expr: string }[];
    readonly fieldConfig?: { readonly defaults: { readonly noValue?: string } };
  }[];
}

export async function alertRules(): Promise<readonly AlertRule[]> {
  const { groups } = parse(await readFile(join(prometheusFolder, 'alerts.yaml'), 'utf8')) as {
    groups: { rules: AlertRule[] }[];
  };
  return groups.flatMap(({ rules }) => rules);
}

export const dashboardFile = async (): Promise<Dashboard> =>
  JSON.parse(await readFile(join(repository, 'deploy', 'grafana', 'dashboard.json'), 'utf8')) as Dashboard;

interface DashboardExpression {
  readonly title: string;
  readonly expr: string;
  /** The panel says why it is empty. */
  readonly mayBeEmpty: boolean;
}

/** Every expression of the dashboard with the title of its panel, for all servers and models and over half a minute. */
export async function dashboardExpressions(): Promise<readonly DashboardExpression[]> {
  const { panels } = await dashboardFile();
  return panels.flatMap(({ title, fieldConfig, targets = [] }) =>
    targets.map(({ expr }) => ({
      title,
      mayBeEmpty: fieldConfig?.defaults.noValue !== undefined,
      expr: expr.replaceAll('$__rate_interval', '30s').replaceAll(/\$(job|instance|model)/g, '.*'),
    })),
  );
}

/** A name of a metric of this server, wherever one is written; the network of the compose file looks like one. */
const metricName = /(?<!--network )\b(?:portico|nodejs|process)_[a-z][a-z0-9_]*\b(?!\.)/g;
/** Written by the autoscaler's adapter, not by the server. */
const derived = new Set(['portico_load_per_engine']);

/** The metrics that the documentation and the files for monitoring and scaling name, each with the files that do. */
export async function metricsNamed(): Promise<ReadonlyMap<string, readonly string[]>> {
  const named = new Map<string, string[]>();
  for (const folder of ['docs', 'deploy']) {
    for (const file of await readdir(join(repository, folder), { recursive: true })) {
      if (!['.md', '.yaml', '.json'].includes(extname(file)) || file.startsWith('decisions')) continue;
      const text = await readFile(join(repository, folder, file), 'utf8');
      for (const [name] of text.matchAll(metricName))
        if (!derived.has(name)) named.set(name, [...(named.get(name) ?? []), join(folder, file)]);
    }
  }
  return named;
}
