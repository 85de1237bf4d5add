import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ocr } from '@portico/schemas';
import { expect, it } from 'vitest';
import { ConfigError, parseConfig } from '../config.ts';
import type { ModelRegistry } from '../model/register-model.ts';
import { platformLines, platformOf } from './platform.ts';

const settings = { variants: { mobile: { weights: {} } } };
const registry: ModelRegistry = new Map(
  ['ocr', 'faces'].map((name) => [name, { task: ocr, settings, module: 'file:///model.js' }]),
);
const parse = (environment: NodeJS.ProcessEnv) =>
  parseConfig(environment, registry, { cores: 4, memoryBytes: 8 * 1024 ** 3 });
const linesOf = (environment: NodeJS.ProcessEnv) => platformLines(parse(environment)).map(({ text }) => text);

it.each([
  [{ SAGEMAKER_BIND_TO_PORT: '8081' }, 'SageMaker'],
  [{ AIP_HTTP_PORT: '8080' }, 'Vertex AI'],
  [{ K_SERVICE: 'portico' }, 'Cloud Run'],
  [{ K_SERVICE: 'portico', KUBERNETES_SERVICE_HOST: '10.0.0.1' }, undefined],
  [{ AZUREML_MODEL_DIR: '/var/models' }, 'Azure ML'],
  [{ PORT: '8080' }, undefined],
])('%j means %s', (environment, name) => {
  expect(platformOf(environment, () => false)?.name).toBe(name);
});

it('a folder at the path of SageMaker means SageMaker', () => {
  expect(platformOf({}, (path) => path === '/opt/ml/model')).toMatchObject({ name: 'SageMaker', port: 8_080 });
});

it.each([
  [{ SAGEMAKER_BIND_TO_PORT: '8081', PORT: '8000' }, 8_081],
  [{ AIP_HTTP_PORT: '8082', PORT: '8000' }, 8_082],
  [{ AIP_PREDICT_ROUTE: '/predict' }, 8_080],
  [{ AIP_PREDICT_ROUTE: '/predict', PORT: '8003' }, 8_003],
  [{ K_SERVICE: 'portico', PORT: '8080' }, 8_080],
])('%j listens on port %i', (environment, port) => {
  expect(parse(environment).address).toEqual({ host: '0.0.0.0', port });
});

it.each([
  [{ SAGEMAKER_BIND_TO_PORT: '8080' }, 28_000],
  [{ K_SERVICE: 'portico' }, 9_000],
  [{ K_SERVICE: 'portico', SHUTDOWN_TIMEOUT_SECONDS: '20' }, 20_000],
  [{ K_SERVICE: 'portico', DRAIN_SECONDS: '9' }, undefined],
  [{ AIP_HTTP_PORT: '8080' }, undefined],
])('%j stops within %s ms', (environment, milliseconds) => {
  expect(parse(environment).shutdownMs).toBe(milliseconds);
});

it('a route of Vertex AI is a path', () => {
  const predict = '/v1/endpoints/1/deployedModels/2:predict';
  expect(parse({ AIP_PREDICT_ROUTE: predict }).vertexRoutes).toEqual({ health: undefined, predict });
  for (const path of ['predict', '/predict?x=1', '/a b', '//', '/*'])
    expect(() => parse({ AIP_PREDICT_ROUTE: path })).toThrow(ConfigError);
});

it("the platform's ONNX files are served where nothing says what to serve, and nothing else is", () => {
  const folder = mkdtempSync(join(tmpdir(), 'platform-'));
  try {
    const environment = { AZUREML_MODEL_DIR: folder };
    expect(parse(environment)).toMatchObject({ models: [{ name: 'ocr' }, { name: 'faces' }], repository: [] });
    expect(linesOf(environment)).toEqual([
      'Running on Azure ML.',
      `${folder} is not served: the folder contains no model.`,
    ]);
    writeFileSync(join(folder, 'net.onnx'), '');
    expect(parse(environment)).toMatchObject({ models: [], repository: [{ name: 'net' }] });
    expect(linesOf(environment)[1]).toContain(`Serving the ONNX files in ${folder}`);
    expect(parse({ ...environment, MODEL_NAME: 'ocr' })).toMatchObject({ models: [{ name: 'ocr' }], repository: [] });
    expect(linesOf({ ...environment, MODEL_NAME: 'ocr' })[1]).toBe(`${folder} is not served: MODEL_NAME is set.`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('a folder that is named and not there is said at the start', () => {
  expect(linesOf({ AZUREML_MODEL_DIR: '/nowhere' })[1]).toBe('/nowhere is not served: there is no such folder.');
});

it('what will not work on a platform is said at the start', () => {
  expect(linesOf({ SAGEMAKER_BIND_TO_PORT: '8080', MODEL_NAME: 'ocr' })).toEqual(['Running on SageMaker.']);
  expect(linesOf({ AIP_HTTP_PORT: '8080', API_KEYS: 'key' })).toEqual([
    'Running on Vertex AI.',
    expect.stringContaining('several: ocr, faces. They get 404 until'),
    expect.stringContaining('passes no key on'),
  ]);
  // These leave the route to the operator.
  expect(linesOf({ K_SERVICE: 'portico', API_KEYS: 'key' })).toEqual(['Running on Cloud Run.']);
  expect(linesOf({})).toEqual([]);
});
