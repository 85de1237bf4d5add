import { beforeAll, describe, expect, it } from 'vitest';
import { inconsistencies } from './support/consistency.ts';
import { bundledImages } from './support/image-facts.ts';
import { kustomizedFolders, type Manifest, parseManifests, readKustomized } from './support/manifests.ts';
import { kubernetes, strictFindings } from './support/strict-schema.ts';

/** Kinds that a cluster has only after their own installation; `rendering.verify.ts` checks them. */
const isBuiltIn = ({ apiVersion }: Manifest): boolean => !/^(serving\.kserve\.io|keda\.sh)\//.test(apiVersion);

let images: Parameters<typeof inconsistencies>[1];
beforeAll(async () => {
  images = await bundledImages(['/health', '/ready', '/metrics', '/healthz', '/stats']);
});

it.each(kustomizedFolders())('%s has no field, type or kind that Kubernetes does not know', (folder) => {
  const { resources, patches, forgotten } = readKustomized(folder);
  expect(forgotten).toEqual([]);
  expect(resources.length).toBeGreaterThan(0);
  expect(resources.filter(isBuiltIn).flatMap((manifest) => strictFindings(manifest))).toEqual([]);
  const partial = { ...kubernetes, partial: true };
  expect(patches.filter(isBuiltIn).flatMap((manifest) => strictFindings(manifest, partial))).toEqual([]);
});

it.each(['kubernetes/base', 'kubernetes/overlays/demo'])('%s is consistent, and matches the server', (folder) => {
  expect(inconsistencies(readKustomized(folder).resources, images)).toEqual([]);
});

describe('the check', () => {
  const base = readKustomized('kubernetes/base').resources;
  const text = JSON.stringify(base);

  /** What is found after one change of the base. */
  const after = (what: string, instead: string): string[] => {
    expect(text).toContain(what);
    const changed = JSON.parse(text.replace(what, instead)) as Manifest[];
    return [...changed.flatMap((manifest) => strictFindings(manifest)), ...inconsistencies(changed, images)];
  };

  it.each([
    ['"failureThreshold":60', '"failureTreshold":60', /failureTreshold does not exist/],
    ['"replicas":2', '"replicas":"2"', /replicas is no number/],
    ['"containerPort":8000', '"containerPort":8000.5', /containerPort is no whole number/],
    ['"apiVersion":"apps/v1"', '"apiVersion":"apps/v1beta1"', /there is no apps\/v1beta1 Deployment/],
    [
      '"selector":{"matchLabels":{"app.kubernetes.io/name":"portico"}},"strategy"',
      '"strategy"',
      /spec.selector is missing/,
    ],
    [
      '"selector":{"app.kubernetes.io/name":"portico"}',
      '"selector":{"app":"portico"}',
      /selects the pods of 0 deployments/,
    ],
    ['"targetPort":"http"', '"targetPort":"web"', /leads to the port web/],
    ['"port":8000,"protocol":"TCP"', '"port":9000,"protocol":"TCP"', /keeps clients from 8000/],
    ['"podSelector":{"matchLabels"', '"podSelector":{"matchLables"', /matchLables does not exist/],
    ['"egress":[]', '"egress":[{}]', /lets connections out/],
    ['"path":"/health"', '"path":"/healthz"', /livenessProbe requests \/healthz, which is no route/],
    ['"path":"/health"', '"path":"/ready"', /would be restarted/],
    ['"port":"http"},"initialDelaySeconds":5', '"port":9000},"initialDelaySeconds":5', /requests the port 9000/],
    ['"terminationGracePeriodSeconds":330', '"terminationGracePeriodSeconds":300', /stopping may take 315/],
    ['"requests":{"cpu":"2"', '"requests":{"cpu":"3"', /more cpu is requested than the limit/],
    [
      '"requests":{"cpu":"2","memory":"3Gi"',
      '"requests":{"cpu":"2","memory":"2Gi"',
      /memory requested is not the limit/,
    ],
    ['"limits":{"cpu":"2","memory":"3Gi"', '"limits":{"cpu":"2","memory":"2Gi"', /engines need \d+ MiB/],
    ['"value":"ocr,faces,segment,vad"', '"value":"ocr,face"', /MODEL_NAME="ocr,face" is not allowed/],
    ['"name":"cache","mountPath"', '"name":"data","mountPath"', /there is no volume data/],
    ['"name":"portico","image"', '"name":"Portico","image"', /Portico is no name for a container/],
    ['"readOnlyRootFilesystem":true', '"readOnlyRootFilesystem":false', /may write to its image/],
    ['"drop":["ALL"]', '"drop":["KILL"]', /keeps capabilities/],
    ['"prometheus.io/path":"/metrics"', '"prometheus.io/path":"/stats"', /Prometheus is sent to \/stats/],
  ])('notices %s as %s', (what, instead, finding) => {
    expect(after(what, instead).join('\n')).toMatch(finding);
  });

  it('refuses a duplicate key, which a YAML parser may accept', () => {
    expect(() => parseManifests('kind: Service\nkind: Deployment')).toThrow(/unique/);
  });
});
