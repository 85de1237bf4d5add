import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { environmentSchema } from '@portico/server/internal/config';
import { validate, ValidationSeverity } from 'dockerfile-utils';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '../../../..');
const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8');
/** The instructions of each stage, by its name. */
const stages = new Map(
  dockerfile
    .replaceAll(/^#.*\n/gm, '')
    .split(/^FROM \S+ AS /m)
    .slice(1)
    .map((stage) => [stage.slice(0, stage.indexOf('\n')), stage.slice(stage.indexOf('\n')).trim()]),
);

describe('The Dockerfile', () => {
  it('has no mistakes and nothing deprecated', () => {
    const { WARNING } = ValidationSeverity;
    const settings = { deprecatedMaintainer: WARNING, instructionJSONInSingleQuotes: WARNING };
    expect(
      validate(dockerfile, settings).map(({ range, message }) => ({ line: range.start.line + 1, message })),
    ).toEqual([]);
  });

  it('ends with the service on the CPU, the default', () => {
    expect([...stages.keys()].at(-1)).toBe('cpu');
  });

  it('runs the service on GPUs exactly as on the CPU', () => {
    const runtime = (stage: string): string =>
      stages
        .get(stage)
        ?.replace(/^.*?(?=^ENV )/ms, '')
        .trim() ?? '';
    expect(runtime('cpu')).toContain('ENTRYPOINT');
    expect(runtime('cuda')).toBe(runtime('cpu'));
  });

  it.each(['cpu', 'cuda', 'demo'])(
    'runs %s without root, with an init, asks only whether it is alive, and says what it is',
    (stage) => {
      const text = stages.get(stage) ?? '';
      expect(text).toMatch(/^USER [1-9]\d*:\d+$/m);
      expect(text).toMatch(/^ENTRYPOINT \["tini", /m);
      expect(text).toMatch(/^HEALTHCHECK --interval=30s --timeout=10s/m);
      expect(text).not.toMatch(/^VOLUME|\/ready|ENV PORT/m);
      for (const label of ['title', 'description', 'licenses', 'version', 'revision', 'source'])
        expect(text).toContain(`org.opencontainers.image.${label}=`);
    },
  );

  it('sets only variables that the server knows', () => {
    const names = [...(stages.get('cpu') ?? '').matchAll(/\b([A-Z_]{4,})=(?=\S)/g)].map(([, name = '']) => name);
    const known = new Set(['NODE_ENV', 'ORT_DISABLE_TELEMETRY', 'VERSION', 'MODEL_CACHE_DIR']);
    expect(names.filter((name) => !known.has(name))).toEqual([]);
    expect(Object.keys(environmentSchema(new Map(), {}).shape)).toContain('MODEL_CACHE_DIR');
  });

  it('lists in .dockerignore what exists here', () => {
    const entries = readFileSync(join(root, '.dockerignore'), 'utf8').match(/^[a-z][\w./-]*$/gim) ?? [];
    expect(entries.filter((entry) => !existsSync(join(root, entry)))).toEqual([]);
  });
});

describe('docs/containers.md', () => {
  const page = readFileSync(join(root, 'docs/containers.md'), 'utf8');
  const matches = (pattern: RegExp): string[] => [...page.matchAll(pattern)].map(([, name = '']) => name);

  it('names targets and build arguments of the Dockerfile', () => {
    const declared = new Set([...dockerfile.matchAll(/^ARG ([A-Z_]+)/gm)].map(([, name]) => name));
    expect(matches(/--target (\w+)/g).filter((target) => !stages.has(target))).toEqual([]);
    expect(matches(/--build-arg ([A-Z_]+)=/g).filter((name) => !declared.has(name))).toEqual([]);
    for (const name of ['SERVICE', 'BASE', 'CUDA_BASE', 'VERSION', 'REVISION', 'SOURCE']) {
      expect(page).toContain(`\`${name}\``);
      expect(declared).toContain(name);
    }
  });

  it('sets variables that the server or the page reads', () => {
    const known = new Set(['PORTICO_URL', ...Object.keys(environmentSchema(new Map(), {}).shape)]);
    expect(matches(/ -e ([A-Z_]+)=/g).filter((name) => !known.has(name))).toEqual([]);
  });
});

describe('deploy/compose.yaml', () => {
  const { services } = parse(readFileSync(join(root, 'deploy/compose.yaml'), 'utf8')) as {
    services: Record<string, { build: { context: string; target: string }; ports: string[] } & Record<string, unknown>>;
  };

  it.each(Object.entries(services))(
    'builds %s from a target of the Dockerfile, and publishes its port',
    (_, service) => {
      const exposed = /^EXPOSE (\d+)$/m.exec(stages.get(service.build.target) ?? '')?.[1];
      expect(service.build.context).toBe('..');
      expect(service.ports).toEqual([`${exposed}:${exposed}`]);
    },
  );

  it.each(Object.entries(services))('gives %s no writable folder, no capability, and limits', (_, service) => {
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
    expect(Object.keys(service)).toEqual(expect.arrayContaining(['mem_limit', 'pids_limit', 'restart']));
  });

  it('gives the server longer than it takes to stop', () => {
    const { environment, stop_grace_period: grace } = services['server'] as never as {
      environment: Record<string, string>;
      stop_grace_period: string;
    };
    expect(Number(environment['SHUTDOWN_TIMEOUT_SECONDS'])).toBeLessThan(Number.parseFloat(grace));
  });
});
