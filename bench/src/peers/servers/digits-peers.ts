import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { binaryTensors, jsonPicture, jsonTensors, rawPicture, type SocketRequest } from '../../requests.ts';
import { repositoryRoot, replicas } from '../../settings.ts';
import type { PythonEnvironment } from '../python-environment.ts';
import type { PeerCommand } from './peer-process.ts';

/** A server of the digits file, and its requests. */
export interface Peer {
  readonly name: string;
  /** The word that chooses it on the command line. */
  readonly word: string;
  readonly start: PeerCommand | { readonly missing: string };
  readonly binary?: SocketRequest;
  readonly json?: SocketRequest;
}

export const programFolder = join(repositoryRoot, 'bench', 'peers', 'servers');

/** Every server of the comparison. Those of Python are as their documentation has them, and log no requests. */
export function digitsPeers(
  environment: PythonEnvironment,
  modelPath: string,
  expected: readonly number[],
): readonly Peer[] {
  const folder = dirname(modelPath);
  const model = { MODEL: modelPath, ORT_DISABLE_TELEMETRY: '1' };
  const raw = rawPicture(expected, '/raw');
  const json = jsonPicture(expected, { path: '/infer', input: 'data', output: 'outputs' });

  const node = (module: string): PeerCommand => ({
    command: process.execPath,
    args: () => [fileURLToPath(new URL(`../../bare/${module}.js`, import.meta.url))],
    environment: model,
  });
  const python = (workers: number, args: PeerCommand['args'], variables = {}): Peer['start'] =>
    'missing' in environment
      ? environment
      : {
          command: environment.python,
          args,
          folder: programFolder,
          environment: { ...model, WORKERS: String(workers), ...variables },
        };
  const fastapi = (workers: number) => python(workers, () => ['fastapi_app.py']);
  const litserve = (workers: number) => python(workers, () => ['litserve_app.py']);
  const mosec = (workers: number) =>
    python(workers, (port) => ['mosec_app.py', '--path', join(folder, `mosec-${port}`)]);
  const bentoml = (workers: number) =>
    python(
      workers,
      (port) => ['-m', 'bentoml', 'serve', 'bentoml_app:Digits', '--host', '127.0.0.1', '--port', String(port)],
      { BENTOML_DO_NOT_TRACK: 'True' },
    );
  const pytriton = (instances: number) =>
    python(instances, () => ['pytriton_app.py'], { PYTRITON_HOME: folder, ...librariesOf(environment) });

  return [
    { name: 'bare, isolated', word: 'bare', start: node('isolated-server'), binary: raw },
    { name: 'Fastify and ONNX Runtime, one process', word: 'naive', start: node('naive-server'), binary: raw },
    { name: 'FastAPI, 1 worker', word: 'fastapi', start: fastapi(1), binary: raw, json },
    { name: `FastAPI, ${replicas} workers`, word: 'fastapi', start: fastapi(replicas), binary: raw, json },
    { name: 'LitServe, 1 worker', word: 'litserve', start: litserve(1), json },
    { name: `LitServe, ${replicas} workers`, word: 'litserve', start: litserve(replicas), json },
    { name: 'BentoML, 1 worker', word: 'bentoml', start: bentoml(1), json },
    { name: `BentoML, ${replicas} workers`, word: 'bentoml', start: bentoml(replicas), json },
    { name: 'mosec, 1 worker', word: 'mosec', start: mosec(1), binary: raw, json },
    { name: `mosec, ${replicas} workers`, word: 'mosec', start: mosec(replicas), binary: raw, json },
    {
      name: `PyTriton, ${replicas} instances`,
      word: 'pytriton',
      start: pytriton(replicas),
      binary: binaryTensors(expected, '/v2/models/digits/infer'),
      json: jsonTensors(expected, '/v2/models/digits/infer'),
    },
  ];
}

/** Triton loads libpython by name; it must be that of the Python whose packages it uses. */
function librariesOf(environment: PythonEnvironment): Record<string, string> {
  if ('missing' in environment) return {};
  const program = 'import sysconfig; print(sysconfig.get_config_var("LIBDIR"))';
  return { LD_LIBRARY_PATH: execFileSync(environment.python, ['-c', program], { encoding: 'utf8' }).trim() };
}
