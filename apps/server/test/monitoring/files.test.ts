import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { alertRules, dashboardFile, repository } from './monitoring-files.ts';

it('dashboard.json is what generate.mjs writes', async () => {
  const { dashboard } = (await import(join(repository, 'deploy', 'grafana', 'generate.mjs'))) as {
    dashboard: () => unknown;
  };
  expect(await dashboardFile(), 'run node deploy/grafana/generate.mjs').toEqual(dashboard());
});

it('five alerts wait before they fire, say how urgent they are, and have a runbook', async () => {
  const page = await readFile(join(repository, 'docs', 'monitoring.md'), 'utf8');
  const rules = await alertRules();
  expect(new Set(rules.map(({ alert }) => alert)).size).toBe(5);
  for (const { alert, for: wait, labels, annotations } of rules) {
    expect(wait).toMatch(/^\d+m$/);
    expect(['critical', 'warning']).toContain(labels['severity']);
    expect(annotations['runbook_url']).toBe(
      `https://runbooks.example.org/portico/monitoring.md#${alert.toLowerCase()}`,
    );
    expect(page).toContain(`\n### ${alert}\n`);
  }
});
