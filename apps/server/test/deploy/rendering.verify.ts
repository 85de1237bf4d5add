import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { V1Container, V1DeploymentSpec, V1PodSpec } from '@kubernetes/client-node';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { explainSkip } from '../harness/measured.ts';
import { pythonEnvironment } from '../harness/python-environment.ts';
import { inconsistencies } from './support/consistency.ts';
import { bundledImages } from './support/image-facts.ts';
import { kserve } from './support/kserve-schema.ts';
import { findKubectl, render } from './support/kubectl.ts';
import { deployFolder, kustomizedFolders, type Manifest, parseManifests } from './support/manifests.ts';
import { podFindings } from './support/pods.ts';
import { type StrictCheck, strictFindings } from './support/strict-schema.ts';

const tools = await findKubectl();
const python = await pythonEnvironment(fileURLToPath(new URL('requirements.txt', import.meta.url)));
for (const tool of [tools, python]) {
  if (!('missing' in tool)) continue;
  if (process.env['CI'] === 'true') throw new Error(tool.missing);
  explainSkip(tool.missing);
}

/** Of KServe's kinds, what has to fit to the server. */
interface InferenceServiceSpec {
  readonly predictor: { readonly terminationGracePeriodSeconds: number; readonly model: { readonly runtime: string } };
}
interface ServingRuntimeSpec {
  readonly containers: V1Container[];
  readonly annotations: Readonly<Record<string, string>>;
}

/** KEDA's own kind is not in any schema here. */
const isKeda = ({ apiVersion }: Manifest): boolean => apiVersion.startsWith('keda.sh/');

let images: Parameters<typeof inconsistencies>[1];
beforeAll(async () => {
  images = await bundledImages(['/health', '/ready', '/metrics', '/healthz', '/stats']);
});

describe.skipIf('missing' in tools)('kustomize', () => {
  const kubectl = 'kubectl' in tools ? tools.kubectl : '';
  const rendered = async (folder: string): Promise<Manifest[]> =>
    parseManifests(await render(kubectl, join(deployFolder, folder)));

  it.each(kustomizedFolders().filter((folder) => folder.startsWith('kubernetes')))(
    '%s renders to what Kubernetes knows, and fits together',
    async (folder) => {
      const manifests = await rendered(folder);
      expect(manifests.filter((each) => !isKeda(each)).flatMap((each) => strictFindings(each))).toEqual([]);
      expect(inconsistencies(manifests, images)).toEqual([]);
      expect(JSON.stringify(manifests)).not.toMatch(/"image":"[^":]+(:latest)?"/);
    },
  );

  it('changes what an overlay says, and nothing else', async () => {
    const base = await rendered('kubernetes/base');
    const gpu = await rendered('kubernetes/overlays/gpu');
    const [before, after] = [base, gpu].map((manifests) => JSON.stringify(podOf(manifests)));
    expect(before).not.toContain('nvidia.com/gpu');
    expect(podOf(gpu).containers[0]).toMatchObject({
      image: expect.stringMatching(/^portico:.*-cuda$/),
      env: expect.arrayContaining([
        { name: 'DEVICE', value: 'cuda' },
        { name: 'MODEL_NAME', value: 'ocr,faces,segment,vad' },
      ]),
      resources: { limits: { 'nvidia.com/gpu': '1' } },
      livenessProbe: podOf(base).containers[0]?.livenessProbe,
    });
    expect(after).toContain('nvidia.com/gpu');
    for (const overlay of ['autoscale', 'autoscale-keda']) {
      const deployment = (await rendered(`kubernetes/overlays/${overlay}`)).find(({ kind }) => kind === 'Deployment');
      expect(deployment?.['spec']).not.toHaveProperty('replicas');
    }
  });

  it("the overlay of one's own in docs/kubernetes.md renders, and is consistent", async () => {
    const page = readFileSync(join(deployFolder, '../docs/kubernetes.md'), 'utf8');
    const blocks = [...page.matchAll(/^```yaml\n(.*?)^```/gms)].map(([, block = '']) => block);
    const [kustomization = '', deployment = ''] = blocks;
    const networkPolicy = blocks.find((block) => block.includes('kind: NetworkPolicy')) ?? '';
    const components = blocks.find((block) => block.startsWith('components:')) ?? '';
    const folder = mkdtempSync(join(tmpdir(), 'portico-overlay-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const renderOwn = async (text: string): Promise<Manifest[]> => {
      // kustomize takes no absolute paths.
      const deploy = relative(folder, deployFolder);
      writeFileSync(join(folder, 'kustomization.yaml'), text.replaceAll('../portico/deploy', deploy));
      return parseManifests(await render(kubectl, folder));
    };
    writeFileSync(join(folder, 'deployment.yaml'), deployment);
    const manifests = await renderOwn(kustomization);
    expect(manifests.flatMap((each) => strictFindings(each))).toEqual([]);
    expect(podOf(manifests).containers[0]?.image).toBe('registry.example.org/portico:0.1.0');
    expect(inconsistencies(manifests, images)).toEqual([]);

    writeFileSync(join(folder, 'network-policy.yaml'), networkPolicy);
    const open = await renderOwn(
      kustomization.replace('deployment.yaml', 'deployment.yaml\n  - path: network-policy.yaml'),
    );
    expect(open.flatMap((each) => strictFindings(each))).toEqual([]);
    const { spec: closed } = manifests.find(({ kind }) => kind === 'NetworkPolicy') as Manifest & { spec: object };
    expect(specOf(open, 'NetworkPolicy')).toEqual({ ...closed, egress: [expect.anything(), expect.anything()] });

    const combined = await renderOwn(kustomization.replace('patches:\n  - path: deployment.yaml\n', components));
    expect(combined.flatMap((each) => strictFindings(each))).toEqual([]);
    expect(inconsistencies(combined, images)).toEqual([]);
    expect(podOf(combined).containers[0]?.resources?.limits).toHaveProperty(['nvidia.com/gpu']);
    expect(combined.map(({ kind }) => kind)).toContain('HorizontalPodAutoscaler');
  });

  it.skipIf('missing' in python)('kserve renders to what KServe knows, and fits to the server', async () => {
    const check: StrictCheck = kserve('python' in python ? python.python : '');
    const manifests = await rendered('kserve');
    const scaled = await rendered('kserve-autoscale');
    expect([...manifests, ...scaled].flatMap((each) => strictFindings(each, check))).toEqual([]);
    // So the check can fail.
    const text = JSON.stringify(manifests)
      .replace('"storageUri"', '"storageURI"')
      .replace('"multiModel":false', '"multiModel":"no"');
    expect((JSON.parse(text) as Manifest[]).flatMap((each) => strictFindings(each, check))).toEqual([
      'ServingRuntime.spec.multiModel is no boolean: "no"',
      'InferenceService.spec.predictor.model.storageURI does not exist',
    ]);

    const { predictor } = specOf(manifests, 'InferenceService') as InferenceServiceSpec;
    const runtime = manifests.find(({ kind }) => kind === 'ServingRuntime');
    expect(predictor.model.runtime).toBe(runtime?.metadata.name);
    const { containers, annotations } = specOf(manifests, 'ServingRuntime') as ServingRuntimeSpec;
    const pod = { containers, terminationGracePeriodSeconds: predictor.terminationGracePeriodSeconds };
    const scraped = Object.fromEntries(
      Object.entries(annotations).map(([name, value]) => [name.replace('.kserve', ''), value]),
    );
    expect(podFindings(pod, images, scraped)).toEqual([]);
    expect(podFindings({ ...pod, terminationGracePeriodSeconds: 70 }, images)).toHaveLength(1);
  });
});

const specOf = (manifests: readonly Manifest[], kind: string): unknown =>
  manifests.find((each) => each.kind === kind)?.['spec'];

const podOf = (manifests: readonly Manifest[]): V1PodSpec =>
  (specOf(manifests, 'Deployment') as V1DeploymentSpec).template.spec as V1PodSpec;
