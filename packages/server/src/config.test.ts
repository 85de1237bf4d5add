import { ocr } from '@portico/schemas';
import { describe, expect, it } from 'vitest';
import { ConfigError, parseConfig } from './config.ts';
import type { ModelRegistry } from './model/register-model.ts';
import { configuredFile, download, npmFile } from './weights/weights-file.ts';

const settings = { variants: { mobile: { weights: {} }, server: { weights: {} } } };
const registry: ModelRegistry = new Map(
  Object.entries({
    ocr: { task: ocr, settings, module: 'file:///ocr.js' },
    faces: { task: ocr, settings: { variants: { back: { weights: {} } } }, module: 'file:///faces.js' },
  }),
);
const machine = { cores: 4, memoryBytes: 8 * 1024 ** 3 };
const parse = (environment: NodeJS.ProcessEnv = {}) => parseConfig(environment, registry, machine);

/** What the start says instead of starting. */
function complaint(environment: NodeJS.ProcessEnv): string {
  try {
    parse(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('nothing was wrong');
}

describe('The environment', () => {
  it('has a default for everything', () => {
    expect(parse()).toMatchObject({
      address: { host: '0.0.0.0', port: 8_000 },
      basePath: '',
      models: [
        { name: 'ocr', variant: 'mobile' },
        { name: 'faces', variant: 'back' },
      ],
      maxUploadBytes: 20 * 1024 * 1024,
      maxBatchItems: 32,
      maxImagePixels: 50_000_000,
      maxRecordingSeconds: 14_400,
      maxInferTimeoutMs: undefined,
      engineNiceness: 0,
      engineEnvironment: [],
      logLevel: 'info',
      device: { name: 'auto' },
      threads: 1,
      maxQueue: 64,
      maxInflightBytes: 256 * 1024 * 1024,
      corsOrigins: '*',
      drainMs: 5_000,
      keepAliveMs: 75_000,
      trustProxy: false,
      apiKeys: [],
    });
  });

  it('takes an empty variable for one that is not set, but for MODEL_NAME', () => {
    expect(parse({ PORT: '', LOG_LEVEL: '', API_KEYS: '', CORS_ORIGINS: '', DEVICE: '' })).toMatchObject({
      address: { port: 8_000 },
    });
    expect(parse({ MODEL_NAME: '' }).models).toEqual([]);
    expect(parse({ MODEL_NAME: ' , ' }).models).toEqual([]);
  });

  it('takes blanks around values', () => {
    expect(parse({ PORT: ' 9000 ', DEVICE: ' CPU ', LOG_LEVEL: ' Warning ' })).toMatchObject({
      address: { port: 9_000 },
      device: { name: 'cpu' },
      logLevel: 'warn',
    });
  });

  it('knows models by task and variant', () => {
    expect(parse({ MODEL_NAME: 'ocr:server, faces' }).models).toEqual([
      { name: 'ocr', variant: 'server', weights: {} },
      { name: 'faces', variant: 'back', weights: {} },
    ]);
  });

  it.each([
    ['CRITICAL', 'fatal'],
    ['critical', 'fatal'],
    ['Warning', 'warn'],
    ['warn', 'warn'],
    ['DEBUG', 'debug'],
    ['silent', 'silent'],
  ])('takes LOG_LEVEL=%s for %s', (given, level) => {
    expect(parse({ LOG_LEVEL: given }).logLevel).toBe(level);
  });

  it.each([
    ['auto', 'auto', 0],
    ['cuda', 'cuda', 0],
    ['cuda:1', 'cuda', 1],
    ['CUDA:12', 'cuda', 12],
    ['mps', 'coreml', 0],
    ['coreml', 'coreml', 0],
    ['dml:1', 'dml', 1],
    ['webgpu', 'webgpu', 0],
    ['cpu', 'cpu', 0],
  ])('takes DEVICE=%s for %s %i', (given, name, index) => {
    expect(parse({ DEVICE: given }).device).toEqual({ name, index });
  });

  it('takes a unix socket for an address', () => {
    expect(parse({ HOST: 'unix:/run/portico.sock' }).address).toEqual({ socketPath: '/run/portico.sock' });
    expect(parse({ HOST: ' ::1 ', PORT: '80' }).address).toEqual({ host: '::1', port: 80 });
  });

  it.each([
    ['10', { perSecond: 10, burst: 10 }],
    [' 10:50 ', { perSecond: 10, burst: 50 }],
    ['0.5', { perSecond: 0.5, burst: 1 }],
  ])('takes RATE_LIMIT=%s', (given, expected) => {
    expect(parse({ RATE_LIMIT: given }).rateLimit).toEqual(expected);
  });

  it('takes the address of a demo page', () => {
    expect(parse({}).demoUrl).toBeUndefined();
    expect(parse({ DEMO_URL: 'https://demo.example.org' }).demoUrl).toBe('https://demo.example.org/');
  });

  it('takes lists of keys and origins', () => {
    expect(parse({ API_KEYS: 'one, two' }).apiKeys).toEqual(['one', 'two']);
    expect(parse({ CORS_ORIGINS: 'https://a.example, http://localhost:3000' }).corsOrigins).toEqual([
      'https://a.example',
      'http://localhost:3000',
    ]);
  });
});

describe('A wrong environment', () => {
  it.each([
    ['DEMO_URL', 'demo.example.org', 'an http or https address'],
    ['DEMO_URL', 'javascript:alert(1)', 'an http or https address'],
    ['PORT', 'eighty', 'a whole number from 0 to 65535'],
    ['PORT', '65536', 'a whole number from 0 to 65535'],
    ['PORT', '80.5', 'a whole number from 0 to 65535'],
    ['PORT', '0x50', 'a whole number from 0 to 65535'],
    ['MODEL_NAME', 'nothing', 'ocr, faces'],
    ['MODEL_NAME', 'ocr:huge', 'mobile or server'],
    ['MODEL_NAME', 'ocr:mobile:more', 'ocr, faces'],
    ['MODEL_NAME', 'ocr,ocr:server', 'named twice'],
    ['MODEL_NAME', 'constructor', 'ocr, faces'],
    ['MAX_UPLOAD_MB', '-1', 'a number from 1 to 1000'],
    ['MAX_UPLOAD_MB', '20MB', 'a number from 1 to 1000'],
    ['PORTICO_ENGINE_INSPECT', 'yes', 'a port, 0 for any free one, or HOST:PORT'],
    ['MAX_BATCH_ITEMS', '0', 'a whole number from 1 to 1000'],
    ['MAX_IMAGE_MEGAPIXELS', 'many', 'a number from 1 to 1000'],
    ['MAX_RECORDING_SECONDS', '4h', 'a number from 1 to 86400'],
    ['INFER_TIMEOUT_SECONDS', '0', 'a number from 0.1 to 86400'],
    ['ENGINE_NICE', '-5', 'a whole number from 0 to 19'],
    ['ENGINE_ENV', 'ONE TWO', 'a comma list of names of environment variables'],
    ['RATE_LIMIT', '0', 'requests per second from 0.01, as in 10, or with a burst as in 10:50'],
    ['RATE_LIMIT', '10/s', 'requests per second'],
    ['RATE_LIMIT', '10:0', 'requests per second'],
    ['LOG_LEVEL', 'loud', 'INFO'],
    ['DEVICE', 'tpu', 'auto, cuda, coreml, dml, webgpu, cpu, mps, or cuda:N'],
    ['DEVICE', 'cpu:1', 'cuda:N'],
    ['DEVICE', 'cuda:x', 'cuda:N'],
    ['REPLICAS', '0', 'a whole number from 1 to 256'],
    ['THREADS', '1.5', 'a whole number from 1 to 256'],
    ['MAX_QUEUE', '1e3', 'a whole number from 1 to 100000'],
    ['MAX_INFLIGHT_MB', 'NaN', 'a number from 1 to 1000000'],
    ['REPLICA_MEMORY_MB', '5', 'a number from 64 to 10000000'],
    ['CORS_ORIGINS', 'example.org', 'https://example.org'],
    ['CORS_ORIGINS', 'https://example.org/', 'https://example.org'],
    ['DRAIN_SECONDS', 'Infinity', 'a number from 0 to 3600'],
    ['KEEP_ALIVE_SECONDS', '0', 'a number from 1 to 3600'],
    ['HOST', 'unix:portico.sock', 'the absolute path of a unix socket'],
    ['BASE_PATH', 'ml/portico', 'a path like /ml/portico'],
    ['TRUST_PROXY', 'nginx', 'a number of hops'],
    ['TRUST_PROXY', '10.0.0.0/33', '10.0.0.0/8'],
    ['API_KEYS', ' , ', 'a comma list of keys'],
    ['MODEL_CONTROL', 'poll', 'none or explicit'],
    ['STRICT_READINESS', 'yes', 'on or off'],
  ])('%s=%s is one line that names it, its value and what is allowed', (name, value, allowed) => {
    const message = complaint({ [name]: value });
    expect(message.split('\n')).toHaveLength(1);
    expect(message.startsWith(`${name}=${JSON.stringify(value)} is not allowed: `)).toBe(true);
    expect(message).toContain(allowed);
  });

  it('has no place for the largest upload', () => {
    const tooLittle = 'MAX_INFLIGHT_MB="16" is not allowed: use at least MAX_UPLOAD_MB';
    expect(complaint({ MAX_INFLIGHT_MB: '16' })).toContain(tooLittle);
    expect(parse({ MAX_INFLIGHT_MB: '20' }).maxInflightBytes).toBe(20 * 1024 * 1024);
    expect(parse({ MAX_UPLOAD_MB: '500' }).maxInflightBytes).toBe(500 * 1024 * 1024);
  });

  it('lets requests change the models only with keys, and with a folder', () => {
    const explicit = { MODEL_CONTROL: 'explicit', MODEL_REPOSITORY: import.meta.dirname };
    const start = 'MODEL_CONTROL="explicit" is not allowed: set';
    expect(complaint(explicit)).toBe(`${start} API_KEYS as well, or anyone could load and unload models`);
    expect(complaint({ ...explicit, MODEL_REPOSITORY: '', API_KEYS: 'k' })).toContain(`${start} MODEL_REPOSITORY`);
    // The folder has no model yet.
    expect(parse({ ...explicit, API_KEYS: 'k' }).controlledRepository).toBe(import.meta.dirname);
    expect(complaint({ ...explicit, MODEL_CONTROL: 'none' })).toContain('the folder contains no model');
  });

  it('has a line for each mistake', () => {
    const message = complaint({ PORT: 'x', LOG_LEVEL: 'y', MODEL_NAME: 'ocr:z,nothing', THREADS: '2' });
    expect(message.split('\n').map((line) => line.split('=')[0])).toEqual([
      'PORT',
      'MODEL_NAME',
      'MODEL_NAME',
      'LOG_LEVEL',
    ]);
  });
});

describe('Weights from elsewhere', () => {
  const network = configuredFile('EMBED_WEIGHTS', 'model.onnx');
  const fetched = { network: download('https://example.org/net.onnx', '0') };
  const all: ModelRegistry = new Map([
    ...registry,
    ...Object.entries({
      embed: { task: ocr, settings: { variants: { small: { weights: { network } } } }, module: 'file:///embed.js' },
      fetched: { task: ocr, settings: { variants: { one: { weights: fetched } } }, module: 'file:///fetched.js' },
      bundled: {
        task: ocr,
        settings: { variants: { one: { weights: { net: npmFile('p', 'net.onnx', '0') } }, two: { weights: fetched } } },
        module: 'file:///bundled.js',
      },
    }),
  ]);
  const parseAll = (environment: NodeJS.ProcessEnv) => parseConfig(environment, all, machine);

  it('are needed by no model that is served by default', () => {
    expect(parseAll({}).models.map(({ name }) => name)).toEqual(['ocr', 'faces', 'bundled']);
  });

  it('are where the environment says, for those models that are served', () => {
    const [embed, ocr] = parseAll({ MODEL_NAME: 'embed,ocr', EMBED_WEIGHTS: 'https://example.org/a' }).models;
    expect(embed?.weights).toEqual({ network: { kind: 'download', url: 'https://example.org/a/model.onnx' } });
    expect(ocr?.weights).toEqual({});
  });

  it.each([
    [undefined, 'EMBED_WEIGHTS is not set: the model embed needs a folder or an http(s) URL with model.onnx'],
    ['', 'EMBED_WEIGHTS is not set: the model embed needs a folder or an http(s) URL with model.onnx'],
    ['/nowhere', 'EMBED_WEIGHTS="/nowhere" is not allowed: there is no such folder; the model embed needs '],
    ['u:secret@example.org/?t=secret', 'EMBED_WEIGHTS="…@example.org/?…" is not allowed: there is no such folder'],
    ['//u:secret@example.org/a', 'EMBED_WEIGHTS="//…@example.org/a" is not allowed: there is no such folder'],
    ['ftp://u:secret@example.org/?t=secret', 'EMBED_WEIGHTS="ftp://example.org/?…" is not allowed: the model embed'],
  ])('named by %s stop the start with a line among the others, without a secret', (value, line) => {
    const environment = { MODEL_NAME: 'embed', PORT: 'x', ...(value === undefined ? {} : { EMBED_WEIGHTS: value }) };
    const complain = () => parseAll(environment);
    expect(complain).toThrow(ConfigError);
    expect(complain).toThrow(line);
    expect(complain).toThrow('PORT="x" is not allowed');
    expect(complain).not.toThrow('secret');
  });
});

describe('The machine', () => {
  it('is shared out by what the models say they need', () => {
    const need = (memoryMegabytes: number) => ({ variants: { one: { weights: {} } }, memoryMegabytes });
    const { shares } = parseConfig(
      {},
      new Map(
        Object.entries({
          large: { task: ocr, settings: need(3_000), module: 'file:///large.js' },
          small: { task: ocr, settings: { ...need(1_000), replicas: 1 }, module: 'file:///small.js' },
        }),
      ),
      machine,
    );
    const { large, small } = Object.fromEntries(shares.models);
    expect([large?.replicasOn('cpu'), small?.replicasOn('cpu')]).toEqual([2, 1]);
    expect((large?.memoryBytes ?? 0) / (small?.memoryBytes ?? 1)).toBeCloseTo(3, 5);
  });
});
