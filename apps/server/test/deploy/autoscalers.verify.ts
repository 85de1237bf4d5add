import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { prometheusOrSkip, startPrometheus } from '../harness/prometheus.ts';
import { eventually, startServer } from '../harness/server-process.ts';
import { traffic } from '../harness/traffic.ts';
import { deployFolder, readKustomized } from './support/manifests.ts';

interface AdapterValues {
  readonly rules: {
    readonly custom: readonly { readonly name: { readonly as: string }; readonly metricsQuery: string }[];
  };
}
interface InferenceServiceSpec {
  readonly predictor: {
    readonly autoScaling: {
      readonly metrics: readonly { readonly external: { readonly metric: { readonly query: string } } }[];
    };
  };
}
interface ScaledObjectSpec {
  readonly triggers: readonly { readonly metadata: { readonly query: string } }[];
}

const file = join(deployFolder, 'prometheus/prometheus-adapter.yaml');
const [rule] = (parse(readFileSync(file, 'utf8')) as AdapterValues).rules.custom;
const manifests = ['autoscale', 'autoscale-keda'].flatMap(
  (overlay) => readKustomized(`kubernetes/overlays/${overlay}`).resources,
);
const [patch] = readKustomized('kserve-autoscale').patches;
const specOf = (kind: string): unknown => manifests.find((each) => each.kind === kind)?.['spec'];
const [trigger] = (specOf('ScaledObject') as ScaledObjectSpec).triggers;

const ofKserve = patch?.['spec'] as InferenceServiceSpec | undefined;

/** Tests have no minute to wait. */
const soon = (query = ''): string => query.replaceAll('[1m]', '[10s]');
/** As prometheus-adapter fills its template in, for two pods. */
const adapterQuery = soon(rule?.metricsQuery)
  .replaceAll('<<.GroupBy>>', 'pod')
  .replaceAll('<<.LabelMatchers>>', 'namespace="default",pod=~"busy|idle"');
const kedaQuery = soon(trigger?.metadata.query);
const kserveQuery = soon(ofKserve?.predictor.autoScaling.metrics[0]?.external.metric.query).replaceAll(
  'mnist-predictor-.*',
  'busy|idle',
);

it('the autoscaler scales on the metric that the rule of prometheus-adapter makes', () => {
  expect(specOf('HorizontalPodAutoscaler')).toMatchObject({
    metrics: [{ type: 'Pods', pods: { metric: { name: rule?.name.as } } }],
  });
});

const command = await prometheusOrSkip();

it.skipIf(command === undefined)(
  'a pod whose engine is kept busy by three clients has a load of three, an idle one of none',
  async () => {
    await using busy = await startServer({ MODEL_NAME: 'loop' });
    await using idle = await startServer({ MODEL_NAME: 'loop' });
    await using prometheus = await startPrometheus(command ?? '', {
      global: { scrape_interval: '1s' },
      scrape_configs: [
        {
          job_name: 'pods',
          static_configs: [
            { targets: [`127.0.0.1:${busy.port}`], labels: { namespace: 'default', pod: 'busy' } },
            { targets: [`127.0.0.1:${idle.port}`], labels: { namespace: 'default', pod: 'idle' } },
          ],
        },
      ],
    });
    await Promise.all([busy.ready(), idle.ready()]);
    const turns = { turns: 100_000 };
    await using _one = traffic(busy, 'loop', turns, 0);
    await using _two = traffic(busy, 'loop', turns, 0);
    await using _three = traffic(busy, 'loop', turns, 0);

    const near = (value: number | undefined): boolean => value !== undefined && value > 2 && value < 4;
    const loads = await eventually(async () => {
      const samples = await prometheus.query(adapterQuery);
      const of = (pod: string) => samples.find(({ labels }) => labels['pod'] === pod)?.value;
      return near(of('busy')) ? { busy: of('busy'), idle: of('idle') } : undefined;
    }, 60_000);
    process.stderr.write(`measured: load for each engine: ${JSON.stringify(loads)}\n`);
    expect(loads.idle).toBe(0);
    for (const query of [kedaQuery, kserveQuery]) {
      const [total] = await prometheus.query(query);
      expect(near(total?.value)).toBe(true);
    }
  },
);
