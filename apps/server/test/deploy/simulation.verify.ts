import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { V1Deployment, V1PodSpec } from '@kubernetes/client-node';
import { serveWeights, type WeightsServer } from '@portico/server/internal/weights/testing/weights-server';
import { describe, expect, it } from 'vitest';
import { type Clients, closedLoop } from '../drain/support/closed-loop.ts';
import { longRows, ocrBytes, rows } from '../drain/support/doors.ts';
import { storedWeights } from '../fixtures/tasks.ts';
import { becomesReady, rollout, startPod } from './support/deployment.ts';
import { readKustomized } from './support/manifests.ts';

const deployment = readKustomized('kubernetes/base').resources.find(({ kind }) => kind === 'Deployment');
const spec = (deployment as unknown as V1Deployment).spec?.template.spec as V1PodSpec;
/** Between a change of a pod and the last connection that does not know of it. */
const endpointLagMs = 5_000;

const report = (what: string, details: unknown): void => {
  process.stderr.write(`measured: ${what}: ${JSON.stringify(details)}\n`);
};

/** Two clients for each door: one keeps its connection, the other makes a new one for each request. */
function underLoad(doors: Parameters<typeof closedLoop>[1], clients: Clients[]) {
  return (url: string) => {
    clients.push(closedLoop(url, doors), closedLoop(url, doors, { keepAlive: false }));
    return async () => void (await Promise.all(clients.map((each) => each.stop())));
  };
}

const losses = (clients: readonly Clients[]): string[] => clients.flatMap((each) => each.losses);
const asked = (clients: readonly Clients[]): number => clients.reduce((sum, each) => sum + each.asked, 0);

describe.concurrent('a kubelet with the base of deploy/kubernetes', () => {
  it('rolls its pods over under load and loses no request, with endpoints that lag by 5 seconds', async () => {
    const clients: Clients[] = [];
    const doors = [rows, longRows, await ocrBytes()];
    const old = await rollout({
      spec,
      environment: { MODEL_NAME: 'rows,ocr', REPLICAS: '1' },
      pods: 2,
      endpointLagMs,
      underLoad: underLoad(doors, clients),
    });
    report('a rollout', { asked: asked(clients), lost: losses(clients).length, events: old[0]?.events });
    expect(losses(clients)).toEqual([]);
    expect(old.map(({ exits }) => exits)).toEqual([[0], [0]]);
    expect(asked(clients)).toBeGreaterThan(300);
  });

  it('loses some without preStop and drain, so the simulation would show it', async () => {
    const clients: Clients[] = [];
    const abrupt = structuredClone(spec);
    delete abrupt.containers[0]?.lifecycle;
    await rollout({
      spec: abrupt,
      environment: { MODEL_NAME: 'rows', DRAIN_SECONDS: '0', REPLICAS: '1' },
      pods: 1,
      endpointLagMs,
      underLoad: underLoad([rows], clients),
    });
    expect(losses(clients).length).toBeGreaterThan(0);
  });

  it('restarts a gateway that hangs, and does not wait for the grace period of the pod', async () => {
    await using pod = startPod(spec, { MODEL_NAME: 'rows' });
    await pod.start();
    await becomesReady(pod);
    pod.server.child.kill('SIGSTOP');
    const hungAt = performance.now();
    while (pod.restarts === 0) await sleep(100);
    await becomesReady(pod);
    report('a gateway that hangs', { seconds: Math.round((performance.now() - hungAt) / 1_000), events: pod.events });
    expect(pod.exits).toEqual(['SIGKILL']);
    expect(pod.restarts).toBe(1);
    await pod.delete();
    expect(pod.exits).toEqual(['SIGKILL', 0]);
  });

  it('does not restart a server whose weights take minutes', async ({ onTestFinished }) => {
    await using weights = await slowWeights(20_000);
    const cache = await mkdtemp(join(tmpdir(), 'portico-slow-weights-'));
    onTestFinished(() => rm(cache, { recursive: true }));
    await using pod = startPod(
      spec,
      {
        MODEL_NAME: 'loading:fetched',
        MODEL_CACHE_DIR: cache,
        FIXTURE_WEIGHTS_URL: weights.url,
        NO_PROXY: '127.0.0.1',
      },
      { secondMs: 100 },
    );
    await pod.start();
    await becomesReady(pod);
    report('slow weights', pod.events);
    expect(weights.requests).toHaveLength(1);
    expect(pod.restarts).toBe(0);
    expect(pod.exits).toEqual([]);
  });
});

/** Serves the weights in many pieces, over so long. */
const slowWeights = (milliseconds: number): Promise<WeightsServer> =>
  serveWeights((response) => {
    const { bytes } = storedWeights;
    response.writeHead(200, { 'content-length': bytes.length });
    let sent = 0;
    const timer = setInterval(() => {
      response.write(bytes.subarray(sent, ++sent));
      if (sent < bytes.length) return;
      clearInterval(timer);
      response.end();
    }, milliseconds / bytes.length);
  });
