import { setTimeout as sleep } from 'node:timers/promises';
import type { V1Deployment, V1PodSpec, V2HorizontalPodAutoscaler } from '@kubernetes/client-node';
import { openLoop } from '@portico/measure/load/open-loop';
import { expect, it } from 'vitest';
import { Autoscaler } from './support/autoscaler.ts';
import { startPod } from './support/deployment.ts';
import type { Pod } from './support/kubelet.ts';
import { readKustomized } from './support/manifests.ts';
import { startService } from './support/service.ts';

const runMs = 100;
/** How often Kubernetes' controller looks. */
const everyMs = 15_000;
/** A pod can just serve ten requests a second: first half of what two pods can, then almost three times as much. */
const calm = { perSecond: 10, seconds: 30 };
const busy = { perSecond: 28, seconds: 150 };
const lastSeconds = 30;

const objects = readKustomized('kubernetes/overlays/autoscale').resources;
const find = (kind: string): unknown => objects.find((each) => each.kind === kind);
const spec = (find('Deployment') as V1Deployment).spec?.template.spec as V1PodSpec;
const autoscalerSpec = (find('HorizontalPodAutoscaler') as V2HorizontalPodAutoscaler).spec;

it('three times the traffic gets the pods that it needs', async () => {
  if (autoscalerSpec === undefined) throw new Error('the overlay has no autoscaler');
  const pods: Pod[] = [];
  const ready = (): number[] => pods.filter((pod) => pod.ready).map((pod) => pod.server.port);
  await using service = await startService({ ready, endpointLagMs: 1_000 });
  const environment = { MODEL_NAME: 'rows', REPLICAS: '1', FIXTURE_ROWS_BATCH: '1' };
  const add = (): void => {
    const pod = startPod(spec, environment, { changed: () => service.changed() });
    pods.push(pod);
    starts.push(pod.start());
  };
  const starts: Promise<void>[] = [];
  const autoscaler = new Autoscaler(autoscalerSpec);
  const ending = new AbortController();
  const decisions: string[] = [];

  try {
    while (pods.length < (autoscalerSpec.minReplicas ?? 1)) add();
    while (service.endpoints.length < pods.length) await sleep(200);
    const startedAt = performance.now();
    const controller = (async () => {
      while (!ending.signal.aborted) {
        const load = await autoscaler.load(pods);
        const desired = autoscaler.desired(pods.length, load);
        const at = Math.round((performance.now() - startedAt) / 1_000);
        decisions.push(`${at} s: load ${load.toFixed(1)}, ${pods.length} pods, ${ready().length} ready`);
        while (pods.length < desired) add();
        await sleep(everyMs, undefined, { signal: ending.signal }).catch(() => {});
      }
    })();

    const late: string[] = [];
    const send = ({ perSecond, seconds }: typeof calm) => {
      const lateFrom = performance.now() + (seconds - lastSeconds) * 1_000;
      return openLoop({
        url: service.url,
        request: {
          method: 'POST',
          path: '/rows',
          // As clients do that come and go: a connection that is kept would never see a new pod.
          headers: { 'content-type': 'application/json', connection: 'close' },
          body: Buffer.from(JSON.stringify({ input: { value: 1, milliseconds: runMs } })),
        },
        check: ({ status }) => (status === 200 ? undefined : String(status)),
        observe: ({ outcome, dueAt }) => {
          if (outcome !== '200' && dueAt > lateFrom) late.push(outcome);
        },
        perSecond,
        seconds,
        arrivals: 'poisson',
      });
    };
    await send(calm);
    const { sent, good, outcomes, latency } = await send(busy);
    ending.abort();
    await controller;
    process.stderr.write(
      `measured: ${calm.perSecond}, then ${busy.perSecond} requests a second\n${decisions.join('\n')}\n` +
        `${sent - good} of ${sent} were not answered: ${JSON.stringify(outcomes)}; p50 ${latency.p50.toFixed(0)} ms\n`,
    );
    expect(late).toEqual([]);
    expect(pods.length).toBeGreaterThan(3);
  } finally {
    ending.abort();
    await Promise.allSettled(starts);
    await Promise.all(pods.map((pod) => pod[Symbol.asyncDispose]()));
  }
});
