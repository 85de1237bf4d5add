import { expect, it } from 'vitest';
import { engineEnvironment } from './engine-environment.ts';

const own = { ENGINE_NICE: '0', ORT_DISABLE_TELEMETRY: '1' };
const environmentOf = (environment: NodeJS.ProcessEnv, names: readonly string[] = []) =>
  engineEnvironment(environment, { names, niceness: 0 });

it('an engine gets what native libraries, Node and downloads need, in either case', () => {
  const allowed = {
    PATH: '/bin',
    Path: 'C:/bin',
    LC_ALL: 'C',
    CUDA_VISIBLE_DEVICES: '1',
    OMP_NUM_THREADS: '2',
    LD_LIBRARY_PATH: '/lib',
    NODE_OPTIONS: '--max-old-space-size=200',
    NODE_EXTRA_CA_CERTS: '/ca.pem',
    https_proxy: 'http://proxy',
    SystemRoot: 'C:/Windows',
  };
  expect(environmentOf(allowed)).toEqual({ ...allowed, ...own });
});

it('an engine gets no secret of the gateway, nor anything else that nobody has named', () => {
  const secrets = {
    API_KEYS: 'secret',
    NODE_AUTH_TOKEN: 'secret',
    AWS_SECRET_ACCESS_KEY: 'secret',
    DATABASE_URL: 'postgres://user:secret@host',
    EMBED_WEIGHTS: 'https://user:secret@host/weights',
    PATHS: 'secret',
  };
  expect(environmentOf(secrets)).toEqual(own);
});

it('a model gets the variables of its own that are named', () => {
  expect(environmentOf({ VOCABULARY: '/words', OTHER: 'x' }, ['VOCABULARY', 'ABSENT'])).toEqual({
    VOCABULARY: '/words',
    ...own,
  });
});

it('telemetry cannot be turned on from outside', () => {
  const named = ['ORT_DISABLE_TELEMETRY', 'ENGINE_NICE'];
  expect(environmentOf({ ORT_DISABLE_TELEMETRY: '0', ENGINE_NICE: '19' }, named)).toEqual(own);
});
