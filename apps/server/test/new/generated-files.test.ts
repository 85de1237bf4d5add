import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { containerFiles } from '@portico/server/internal/cli/new/project/container-files';
import { rootFiles } from '@portico/server/internal/cli/new/project/root-files';
import { validate, ValidationSeverity } from 'dockerfile-utils';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';

const root = join(import.meta.dirname, '../../../..');
const { Dockerfile: dockerfile = '', 'kubernetes.yaml': manifest = '' } = containerFiles('digits');

describe('The Dockerfile of a project', () => {
  it('has no mistakes and nothing deprecated', () => {
    const settings = { instructionJSONInSingleQuotes: ValidationSeverity.WARNING };
    expect(validate(dockerfile, settings).map(({ message }) => message)).toEqual([]);
  });

  it('runs without root, with an init, and asks only whether it is alive, as the image of this repository', () => {
    expect(dockerfile).toMatch(/^USER 1000:1000$/m);
    expect(dockerfile).toMatch(/^ENTRYPOINT \["tini", "-e", "143", "--", "node", /m);
    expect(dockerfile).toMatch(/^HEALTHCHECK --interval=30s --timeout=10s \\\n +CMD curl -f.*\/health/m);
    expect(dockerfile).not.toMatch(/^VOLUME|\/ready|ENV PORT/m);
    const [variables = ''] = /^ENV NODE_ENV=.*$/m.exec(dockerfile) ?? [];
    expect(readFileSync(join(root, 'Dockerfile'), 'utf8')).toContain(`${variables}\n`);
  });

  it('copies neither what it installs and builds itself, nor secrets, nor tests', () => {
    const names = { task: 'digits', constant: 'digitsTask', model: 'digitsModel', type: 'Digits' };
    const ignored = rootFiles(names)['.dockerignore']?.split('\n');
    expect(ignored).toEqual(expect.arrayContaining(['.env', '**/*.test.ts', 'dist', 'node_modules']));
  });
});

describe('The manifest of a project', () => {
  const documents = parseAllDocuments(manifest).map((document) => document.toJS() as Record<string, unknown>);

  it('is a deployment and its service, under the name of the project', () => {
    expect(documents.map(({ kind, metadata }) => [kind, (metadata as { name: string }).name])).toEqual([
      ['Deployment', 'digits'],
      ['Service', 'digits'],
    ]);
  });

  it('has the probes, rights and room of the one in deploy/kubernetes', () => {
    const [base] = parseAllDocuments(readFileSync(join(root, 'deploy/kubernetes/base/deployment.yaml'), 'utf8'));
    const podOf = (document: unknown): Record<string, unknown> =>
      (document as { spec: { template: { spec: Record<string, unknown> } } }).spec.template.spec;
    const containerOf = (document: unknown): Record<string, unknown> =>
      (podOf(document)['containers'] as Record<string, unknown>[])[0] ?? {};
    const reference = base?.toJS() as unknown;
    for (const probe of ['startupProbe', 'readinessProbe', 'lifecycle', 'securityContext'])
      expect(containerOf(documents[0])[probe]).toEqual(containerOf(reference)[probe]);
    expect(containerOf(reference)['livenessProbe']).toMatchObject(containerOf(documents[0])['livenessProbe'] as object);
    expect(podOf(documents[0])['securityContext']).toEqual(podOf(reference)['securityContext']);
  });
});
