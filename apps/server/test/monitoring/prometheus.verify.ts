import { execFile, spawn } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../harness/ask.ts';
import { debianProgramOrSkip } from '../harness/debian-program.ts';
import { eventually, type ServerProcess, startServer } from '../harness/server-process.ts';
import { alertRules, dashboardExpressions, prometheusFolder } from './monitoring-files.ts';

const run = promisify(execFile);
const promtool = await debianProgramOrSkip('prometheus', 'usr/bin/promtool');
const prometheus = await debianProgramOrSkip('prometheus', 'usr/bin/prometheus');

/** Alerts for which a healthy server has no series. */
const withoutSeries = new Set(['PorticoErrors', 'PorticoOverloaded', 'PorticoReplicasRestart']);
/** Enough for a rate over 30 seconds. */
const scrapesNeeded = 5;

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer({ MODEL_NAME: 'rows,count,crash' });
  await server.ready();
});
afterAll(() => server[Symbol.asyncDispose]());

/** Runs promtool with this input, and returns what it says of it. */
async function check(words: readonly string[], input = ''): Promise<string> {
  const running = run(promtool ?? '', [...words], { cwd: prometheusFolder });
  running.child.stdin?.end(input);
  return running.then(
    ({ stdout, stderr }) => stdout + stderr,
    (error: { readonly stdout: string; readonly stderr: string }) => `FAILED ${error.stdout}${error.stderr}`,
  );
}

describe.skipIf(promtool === undefined || prometheus === undefined)('with Prometheus', () => {
  it('promtool finds no fault with /metrics', async () => {
    await ask(server, 'rows', { value: 1 });
    expect(await check(['check', 'metrics'], await (await fetch(`${server.url}/metrics`)).text())).toBe('');
  });

  it('promtool takes the alerts and the configuration, and every alert fires when it should and not before', async () => {
    expect(await check(['check', 'rules', 'alerts.yaml'])).toContain('SUCCESS: 7 rules found');
    expect(await check(['check', 'config', 'prometheus.yaml'])).toContain('SUCCESS');
    expect(await check(['test', 'rules', 'alerts.test.yaml'])).toMatch(/SUCCESS\s*$/);
  });

  it('promtool sees when an alert does not fire, which shows that the test above can fail', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'portico-alerts-'));
    await cp(prometheusFolder, folder, { recursive: true });
    const text = JSON.stringify({ groups: [{ name: 'none', rules: [{ record: 'one', expr: 'up' }] }] });
    await writeFile(join(folder, 'alerts.yaml'), text);
    expect(await check(['test', 'rules', join(folder, 'alerts.test.yaml')])).toMatch(/^FAILED[^]*PorticoOverloaded/);
    await rm(folder, { recursive: true });
  });

  it('a Prometheus that scrapes the server has data for every panel, and understands every expression', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'portico-prometheus-'));
    await writeFile(
      join(folder, 'prometheus.yaml'),
      JSON.stringify({
        global: { scrape_interval: '1s', evaluation_interval: '1s' },
        rule_files: [join(prometheusFolder, 'alerts.yaml')],
        scrape_configs: [{ job_name: 'portico', static_configs: [{ targets: [new URL(server.url).host] }] }],
      }),
    );
    const address = `127.0.0.1:${await freePort()}`;
    const child = spawn(
      prometheus ?? '',
      [
        `--config.file=${join(folder, 'prometheus.yaml')}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=${address}`,
      ],
      { stdio: 'ignore' },
    );
    const query = async (expr: string): Promise<{ readonly status: string; readonly data: { result: unknown[] } }> => {
      const response = await fetch(`http://${address}/api/v1/query?${String(new URLSearchParams({ query: expr }))}`);
      return (await response.json()) as { status: string; data: { result: unknown[] } };
    };
    try {
      await eventually(async () => {
        await Promise.all([
          ask(server, 'rows', { value: 1 }),
          ask(server, 'count', { to: 2 }),
          ask(server, 'crash', { how: 'answer' }),
        ]);
        const found = await query('count_over_time(portico_requests_total{model="crash"}[1m])').catch(() => undefined);
        const [first] = (found?.data.result ?? []) as { value: [number, string] }[];
        return Number(first?.value[1] ?? 0) >= scrapesNeeded ? true : undefined;
      }, 60_000);
      const refused: string[] = [];
      const empty: string[] = [];
      /** @param name of what has to have data. */
      const evaluate = async (name: string | undefined, expr: string): Promise<void> => {
        const { status, data } = await query(expr);
        if (status !== 'success') refused.push(expr);
        else if (data.result.length === 0 && name !== undefined) empty.push(name);
      };
      for (const { title, expr, mayBeEmpty } of await dashboardExpressions())
        await evaluate(mayBeEmpty ? undefined : title, expr);
      // Without its threshold an alert has data: its labels are those of a scrape.
      for (const { alert, expr } of await alertRules()) await evaluate(alert, expr.split(/ (?:==|>) /)[0] ?? '');
      expect(refused).toEqual([]);
      expect(empty.filter((name) => !withoutSeries.has(name))).toEqual([]);
      const { data } = await query('up{job="portico"}');
      expect(data.result).toHaveLength(1);
      const fired = await query('ALERTS{alertstate="firing"}');
      expect(fired.data.result).toEqual([]);
    } finally {
      child.kill('SIGKILL');
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  });
});

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((listening) => probe.listen(0, '127.0.0.1', listening));
  const { port } = probe.address() as AddressInfo;
  await new Promise((closed) => probe.close(closed));
  return port;
}
