import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { metricsOf } from '../doors/support/metrics.ts';
import { ask } from '../harness/ask.ts';
import { debianProgramOrSkip } from '../harness/debian-program.ts';
import { prometheusOrSkip, startPrometheus } from '../harness/prometheus.ts';
import { eventually, type ServerProcess, startServer } from '../harness/server-process.ts';
import { alertRules, dashboardExpressions, prometheusFolder } from './monitoring-files.ts';

const run = promisify(execFile);
const promtool = await debianProgramOrSkip('prometheus', 'usr/bin/promtool');
const command = await prometheusOrSkip();

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

describe.skipIf(promtool === undefined || command === undefined)('with Prometheus', () => {
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
    await using prometheus = await startPrometheus(command ?? '', {
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
      rule_files: [join(prometheusFolder, 'alerts.yaml')],
      scrape_configs: [{ job_name: 'portico', static_configs: [{ targets: [new URL(server.url).host] }] }],
    });
    await eventually(async () => {
      await Promise.all([
        ask(server, 'rows', { value: 1 }),
        ask(server, 'count', { to: 2 }),
        ask(server, 'crash', { how: 'answer' }),
      ]);
      const [scrapes] = await prometheus.query('count_over_time(portico_requests_total{model="crash"}[1m])');
      return (scrapes?.value ?? 0) >= scrapesNeeded ? true : undefined;
    }, 60_000);
    const refused: string[] = [];
    const empty: string[] = [];
    /** @param name of what has to have data. */
    const evaluate = async (name: string | undefined, expr: string): Promise<void> => {
      const samples = await prometheus.query(expr).catch(() => refused.push(expr));
      if (Array.isArray(samples) && samples.length === 0 && name !== undefined) empty.push(name);
    };
    for (const { title, expr, mayBeEmpty } of await dashboardExpressions())
      await evaluate(mayBeEmpty ? undefined : title, expr);
    // Without its threshold an alert has data: its labels are those of a scrape.
    for (const { alert, expr } of await alertRules()) await evaluate(alert, expr.split(/ (?:==|>) /)[0] ?? '');
    expect(refused).toEqual([]);
    expect(empty.filter((name) => !withoutSeries.has(name))).toEqual([]);
    expect(await prometheus.query('up{job="portico"}')).toHaveLength(1);
    expect(await prometheus.query('ALERTS{alertstate="firing"}')).toEqual([]);
  });

  it('histograms add up over servers and their engines, bucket by bucket, and give quantiles of them all', async () => {
    const environment = { MODEL_NAME: 'rows', REPLICAS: '2', FIXTURE_ROWS_BATCH: '1', INFER_TIMEOUT_SECONDS: '900' };
    await using one = await startServer(environment);
    await using other = await startServer(environment);
    const servers = [one, other];
    await Promise.all(servers.map((each) => each.ready()));
    const waits = [
      [1, 1, 20, 20, 150, 150],
      [400, 400],
    ];
    const answers = await Promise.all(
      servers.map((each, index) =>
        Promise.all((waits[index] ?? []).map((milliseconds) => ask(each, 'rows', { value: 1, milliseconds }))),
      ),
    );
    const pids = answers.flat().map(({ body }) => body['pid']);
    // More engines than servers.
    expect(new Set(pids).size).toBeGreaterThan(servers.length);
    const targets = servers.map(({ url }) => new URL(url).host);
    await using prometheus = await startPrometheus(command ?? '', {
      global: { scrape_interval: '1s' },
      scrape_configs: [{ job_name: 'portico', static_configs: [{ targets }] }],
    });
    await eventually(async () => {
      const [count] = await prometheus.query('sum(portico_request_duration_seconds_count{model="rows"})');
      return count?.value === pids.length ? true : undefined;
    }, 30_000);

    const exposed = await Promise.all(servers.map(({ url }) => metricsOf(url)));
    for (const name of ['portico_request_duration_seconds', 'portico_queue_seconds', 'portico_run_phase_seconds']) {
      const labels = { model: 'rows', ...(name.includes('phase') ? { phase: 'decode' } : {}) };
      const selector = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
      const sums = await prometheus.query(`sum by (le) (${name}_bucket{${selector.join(',')}})`);
      const bounds = sums.map(({ labels: { le = '' } }) => Number(le.replace('+Inf', 'Infinity')));
      // As far as a request may take.
      expect(bounds.sort((first, second) => first - second).slice(-3)).toEqual([600, 1_800, Infinity]);
      for (const { labels: own, value } of sums) {
        const le = { ...labels, le: own['le'] === '+Inf' ? '+Inf' : String(Number(own['le'])) };
        const each = exposed.map((metrics) => metrics.value(`${name}_bucket`, le) ?? NaN);
        expect([name, own['le'], value]).toEqual([name, own['le'], each.reduce((sum, count) => sum + count, 0)]);
      }
      expect(sums.find(({ labels: { le } }) => le === '+Inf')?.value).toBe(pids.length);
    }
    const quantile = `histogram_quantile(0.99, sum by (le) (portico_request_duration_seconds_bucket{model="rows"}))`;
    const [slow] = await prometheus.query(quantile);
    // Only the other server has such.
    expect(slow?.value).toBeGreaterThan(0.25);
  });
});
