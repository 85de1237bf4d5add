import { homedir } from 'node:os';
import { join } from 'node:path';
import { Device } from '@portico/schemas';
import { z } from 'zod';
import { ignoredIn, labelOf, modelRepository, type RepositoryFile } from './config/model-repository.ts';
import { commaList, modelSelection } from './config/model-selection.ts';
import {
  hostOrSocketPath,
  listenAddress,
  originsOf,
  pathPrefixOf,
  routePath,
  trustProxy,
  webAddressOf,
} from './config/network.ts';
import {
  type Platform,
  type PlatformFolder,
  platformFolder,
  platformOf,
  shutdownSecondsOf,
} from './config/platform.ts';
import {
  type Machine,
  type MachineShares,
  type ModelNeed,
  shareMachine,
  type ShareOptions,
} from './config/resources.ts';
import type { RateLimitSettings } from './http/plugins/rate-limit.ts';
import type { ModelRegistry } from './model/register-model.ts';
import { redactUrl } from './weights/weights-file.ts';

const mebibyte = 1024 * 1024;
const defaultPort = 8_000;
/** Or one of the largest uploads if that is more. */
const defaultInflightMegabytes = 256;
/** About 80 MB of the gateway while they are idle. Or half of the descriptors: the rest is for engines and files. */
const defaultConnections = 4_096;

/** A load that waits for the disk or the network leaves a single core to another. */
const minLoading = 2;

/** Every environment variable: its parser, its default, and what it means. */
export const environmentSchema = (registry: ModelRegistry, environment: NodeJS.ProcessEnv) =>
  z.object({
    PORT: wholeNumber(0, 65_535).optional().describe('Port to listen on.'),
    HOST: host.default('0.0.0.0').describe('Address or unix socket to listen on.'),
    BASE_PATH: basePath.default('').describe('Path that a proxy in front puts before every route.'),
    MODEL_NAME: modelSelection(registry, environment).describe('Models to serve.'),
    MODEL_REPOSITORY: modelRepository(environment).describe('ONNX files to serve as they are.'),
    MODEL_CONTROL: z
      .enum(['none', 'explicit'], { error: 'use none or explicit' })
      .default('none')
      .describe('Whether requests may load and unload files of the model repository.'),
    STRICT_READINESS: onOrOff.default('off').describe('Whether a file that cannot be loaded blocks readiness.'),
    TENSOR_BATCHING: tensorBatching.default('auto').describe('Whether rows of several clients run together.'),
    MODEL_CACHE_DIR: z
      .string()
      .default(join(homedir(), '.cache', 'portico'))
      .describe('Folder for downloaded weights and measured batch limits.'),
    MAX_UPLOAD_MB: number(1, 1_000).default(20).describe('Maximum size of a file or a whole batch request, in MiB.'),
    MAX_BATCH_ITEMS: wholeNumber(1, 1_000).default(32).describe('Maximum number of inputs in one batch request.'),
    MAX_IMAGE_MEGAPIXELS: number(1, 1_000).default(50).describe('Maximum size of an image, in millions of pixels.'),
    MAX_RECORDING_SECONDS: number(1, 86_400).default(14_400).describe('Maximum length of a recording, in seconds.'),
    INFER_TIMEOUT_SECONDS: number(0.1, 86_400).optional().describe('Maximum time per request, including queueing.'),
    LOG_LEVEL: logLevel.default('info').describe('Least severe level that is logged.'),
    DEVICE: device.default({ name: 'auto', index: 0 }).describe('Device that models run on.'),
    DEVICE_CHECK: onOrOff.default('on').describe('Whether the warm-up on a GPU is compared with the CPU.'),
    REPLICAS: wholeNumber(1, 256).optional().describe('Engine processes per model.'),
    THREADS: wholeNumber(1, 256).default(1).describe('Threads within one run.'),
    MAX_QUEUE: wholeNumber(1, 100_000).default(64).describe('Maximum number of pending requests per model.'),
    MAX_CONNECTIONS: wholeNumber(1, 1_000_000).optional().describe('Maximum number of connections.'),
    MAX_INFLIGHT_MB: number(1, 1_000_000).optional().describe('Memory for uploads of all requests together, in MiB.'),
    REPLICA_MEMORY_MB: number(64, 10_000_000).optional().describe('Memory of one engine, in MiB.'),
    CORS_ORIGINS: origins.default('*').describe('Origins whose web pages may call the server.'),
    DRAIN_SECONDS: number(0, 3_600).default(5).describe('Seconds after SIGTERM in which requests are still accepted.'),
    SHUTDOWN_TIMEOUT_SECONDS: number(1, 90_000).optional().describe('Maximum time from SIGTERM to the exit.'),
    KEEP_ALIVE_SECONDS: number(1, 3_600).default(75).describe('Seconds before an idle connection is closed.'),
    TRUST_PROXY: trustedProxies.default(false).describe('Proxies whose x-forwarded-* headers are believed.'),
    RATE_LIMIT: rateLimit.optional().describe('Requests per second and client, and how many may come at once.'),
    DEMO_URL: webAddress.optional().describe('Where the demo page is.'),
    API_KEYS: apiKeys.default([]).describe('Keys, one of which every request but the probes needs.'),
    ENGINE_NICE: wholeNumber(0, 19).default(0).describe('Niceness of engine processes.'),
    ENGINE_ENV: variableNames.default([]).describe('Further environment variables that engines get.'),
    SAGEMAKER_BIND_TO_PORT: wholeNumber(0, 65_535).optional().describe('Port that SageMaker connects to.'),
    AIP_HTTP_PORT: wholeNumber(0, 65_535).optional().describe('Port that Vertex AI connects to.'),
    AIP_HEALTH_ROUTE: route.optional().describe('Path at which Vertex AI asks whether the server is ready.'),
    AIP_PREDICT_ROUTE: route.optional().describe('Path to which Vertex AI sends predictions.'),
    AZUREML_MODEL_DIR: z.string().optional().describe('Folder of model files that Azure ML mounts.'),
    K_SERVICE: z.string().optional().describe('Name of the Cloud Run service.'),
    PORTICO_ENGINE_INSPECT: inspectAddress.optional().describe('Address of the inspector of engines, for debugging.'),
  });

/** The configuration of a server, in the units the code works with. */
export type Config = ReturnType<typeof toConfig>;

/** The environment is invalid; the message has one line for each mistake. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads the environment once.
 * @throws {ConfigError} with a line for each mistake: the variable, its value and what is allowed
 */
export function parseConfig(environment: NodeJS.ProcessEnv, registry: ModelRegistry, machine: Machine): Config {
  const given = Object.fromEntries(
    // An empty MODEL_NAME means no model; any other empty variable means the default.
    Object.entries(environment).filter(([name, value]) => value !== '' || name === 'MODEL_NAME'),
  );
  const platform = platformOf(given);
  const folder = platformFolder(platform, given);
  if (folder !== undefined && folder.ignored === undefined)
    Object.assign(given, { MODEL_NAME: '', MODEL_REPOSITORY: folder.path });
  const parsed = environmentSchema(registry, given)
    .refine(({ MAX_INFLIGHT_MB, MAX_UPLOAD_MB }) => (MAX_INFLIGHT_MB ?? Infinity) >= MAX_UPLOAD_MB, {
      path: ['MAX_INFLIGHT_MB'],
      error: 'use at least MAX_UPLOAD_MB, or the largest uploads would never be accepted',
    })
    .refine(({ SHUTDOWN_TIMEOUT_SECONDS, DRAIN_SECONDS }) => (SHUTDOWN_TIMEOUT_SECONDS ?? Infinity) > DRAIN_SECONDS, {
      path: ['SHUTDOWN_TIMEOUT_SECONDS'],
      error: 'use more than DRAIN_SECONDS, in which requests are still accepted',
    })
    .refine(({ MODEL_CONTROL, API_KEYS }) => MODEL_CONTROL === 'none' || API_KEYS.length > 0, {
      path: ['MODEL_CONTROL'],
      error: 'set API_KEYS as well, or anyone could load and unload models',
    })
    .refine(({ MODEL_CONTROL }) => MODEL_CONTROL === 'none' || given['MODEL_REPOSITORY'] !== undefined, {
      path: ['MODEL_CONTROL'],
      error: 'set MODEL_REPOSITORY as well, the folder that models are loaded from',
    })
    .safeParse(given);
  if (parsed.success) {
    const surroundings = { registry, machine, platform, folder, repositoryText: given['MODEL_REPOSITORY'] };
    return toConfig(parsed.data, surroundings);
  }
  throw new ConfigError(parsed.error.issues.map((issue) => lineFor(issue, given)).join('\n'));
}

function lineFor({ path, message }: z.core.$ZodIssue, environment: NodeJS.ProcessEnv): string {
  // An issue of MODEL_NAME about the variable that says where a model's weights are has that one last.
  const name = String(path.at(-1));
  const value = environment[name];
  if (value === undefined) return `${name} is not set: ${message}`;
  return `${name}=${JSON.stringify(path.length > 1 ? withoutSecrets(value) : value)} is not allowed: ${message}`;
}

/** Where weights are may be a URL, with or without its scheme, that holds secrets. */
const withoutSecrets = (value: string): string =>
  value.includes('://')
    ? redactUrl(value.trim())
    : value.replace(/^(\/\/)?[^/]*@/, (_, slashes = '') => `${slashes}…@`).replace(/\?.*$/s, '?…');

interface Surroundings {
  readonly registry: ModelRegistry;
  readonly machine: Machine;
  readonly platform: Platform | undefined;
  readonly folder: PlatformFolder | undefined;
  readonly repositoryText: string | undefined;
}

/** The shares of all models where these are the files of the model repository. */
export const sharesOf = (
  sharing: ShareOptions,
  files: readonly Pick<RepositoryFile, 'name' | 'version'>[],
): MachineShares =>
  shareMachine({ ...sharing, models: [...sharing.models, ...files.map((file) => ({ name: labelOf(file) }))] });

function toConfig(
  values: z.output<ReturnType<typeof environmentSchema>>,
  { registry, machine, platform, folder, repositoryText }: Surroundings,
) {
  const sharing = {
    machine,
    models: values.MODEL_NAME.map(({ name }): ModelNeed => {
      const { memoryMegabytes, replicas } = registry.get(name)?.settings ?? {};
      return { name, memoryMegabytes, replicas };
    }),
    threads: values.THREADS,
    replicaMemoryBytes: values.REPLICA_MEMORY_MB === undefined ? undefined : values.REPLICA_MEMORY_MB * mebibyte,
    replicas: values.REPLICAS,
    device: values.DEVICE.name,
  };
  // A platform that names a port connects to that one.
  const port = values.SAGEMAKER_BIND_TO_PORT ?? values.AIP_HTTP_PORT ?? values.PORT ?? platform?.port ?? defaultPort;
  const shutdownSeconds = values.SHUTDOWN_TIMEOUT_SECONDS ?? shutdownSecondsOf(platform, values.DRAIN_SECONDS);
  const inflightMegabytes = values.MAX_INFLIGHT_MB ?? Math.max(defaultInflightMegabytes, values.MAX_UPLOAD_MB);
  return {
    address: listenAddress(values.HOST, port),
    basePath: values.BASE_PATH,
    demoUrl: values.DEMO_URL,
    models: values.MODEL_NAME,
    repository: values.MODEL_REPOSITORY,
    /** What looks like a model in it and is not served, and why. */
    repositoryIgnored: repositoryText === undefined ? [] : ignoredIn(repositoryText),
    /** Where models are loaded from while the server runs; undefined without `MODEL_CONTROL=explicit`. */
    controlledRepository: values.MODEL_CONTROL === 'explicit' ? repositoryText : undefined,
    strictReadiness: values.STRICT_READINESS === 'on',
    tensorBatching: values.TENSOR_BATCHING,
    cacheDirectory: values.MODEL_CACHE_DIR,
    maxUploadBytes: Math.floor(values.MAX_UPLOAD_MB * mebibyte),
    maxBatchItems: values.MAX_BATCH_ITEMS,
    maxImagePixels: Math.floor(values.MAX_IMAGE_MEGAPIXELS * 1_000_000),
    maxRecordingSeconds: values.MAX_RECORDING_SECONDS,
    /** Of every model, whatever it says itself. */
    maxInferTimeoutMs: values.INFER_TIMEOUT_SECONDS === undefined ? undefined : values.INFER_TIMEOUT_SECONDS * 1_000,
    logLevel: values.LOG_LEVEL,
    device: values.DEVICE,
    checksDevice: values.DEVICE_CHECK === 'on',
    shares: sharesOf(sharing, values.MODEL_REPOSITORY),
    /** How the machine is shared out, with the tasks alone. */
    sharing,
    threads: values.THREADS,
    /** Engines that load at the same time, of all models together. */
    maxLoading: Math.max(minLoading, Math.floor(machine.cores)),
    maxQueue: values.MAX_QUEUE,
    maxConnections:
      values.MAX_CONNECTIONS ?? Math.min(defaultConnections, Math.ceil((machine.maxDescriptors ?? Infinity) / 2)),
    maxInflightBytes: Math.floor(inflightMegabytes * mebibyte),
    corsOrigins: values.CORS_ORIGINS,
    drainMs: values.DRAIN_SECONDS * 1_000,
    /** From the signal to the exit, the drain included. */
    shutdownMs: shutdownSeconds === undefined ? undefined : shutdownSeconds * 1_000,
    keepAliveMs: values.KEEP_ALIVE_SECONDS * 1_000,
    trustProxy: values.TRUST_PROXY,
    rateLimit: values.RATE_LIMIT,
    apiKeys: values.API_KEYS,
    engineNiceness: values.ENGINE_NICE,
    engineEnvironment: values.ENGINE_ENV,
    engineInspect: values.PORTICO_ENGINE_INSPECT,
    platform,
    platformFolder: folder,
    /** Vertex AI's names for its routes. */
    vertexRoutes: { health: values.AIP_HEALTH_ROUTE, predict: values.AIP_PREDICT_ROUTE },
  };
}

/** Decimal digits within bounds. */
function number(min: number, max: number, { whole = false } = {}) {
  const error = `use a ${whole ? 'whole ' : ''}number from ${min} to ${max}`;
  return z
    .string()
    .trim()
    .regex(/^\d+(\.\d+)?$/, { error, abort: true })
    .transform(Number)
    .refine((value) => value >= min && value <= max && (!whole || Number.isInteger(value)), { error });
}

const wholeNumber = (min: number, max: number) => number(min, max, { whole: true });

/** What Node's `--inspect` takes. */
const inspectAddress = z
  .string()
  .trim()
  .regex(/^(?:[\w.-]+:|\[[\da-f:]+\]:)?\d{1,5}$/i, { error: 'use a port, 0 for any free one, or HOST:PORT' });

const onOrOff = z.enum(['on', 'off'], { error: 'use on or off' });

/** Whether a trial decides, one that takes any time does, or none is made. */
const tensorBatching = z.enum(['auto', 'on', 'off'], { error: 'use auto, on or off' });

/** pino's levels, and Python's names for them. */
const logLevels: Readonly<Record<string, string>> = {
  trace: 'trace',
  debug: 'debug',
  info: 'info',
  warn: 'warn',
  warning: 'warn',
  error: 'error',
  critical: 'fatal',
  fatal: 'fatal',
  silent: 'silent',
};

const logLevel = parser(
  (text) => logLevels[text.trim().toLowerCase()],
  `use one of ${Object.keys(logLevels).join(', ').toUpperCase()}`,
);

/** PyTorch's name for Apple's GPU. */
const deviceAliases: Readonly<Record<string, string>> = { mps: 'coreml' };

/** `auto`, a device, or a device and which of several, as in `cuda:1`. */
const device = parser(
  (text) => {
    const [, name = '', index] = /^([a-z]+)(?::(\d{1,2}))?$/.exec(text.trim().toLowerCase()) ?? [];
    const { data } = z.enum(['auto', ...Device.options]).safeParse(deviceAliases[name] ?? name);
    if (data === undefined || (index !== undefined && data !== 'cuda' && data !== 'dml')) return undefined;
    return { name: data, index: Number(index ?? 0) };
  },
  `use one of ${['auto', ...Device.options, ...Object.keys(deviceAliases)].join(', ')}, or cuda:N`,
);

const origins = parser(originsOf, 'use *, or a comma list of origins like https://example.org');

const webAddress = parser(webAddressOf, 'use an http or https address like https://demo.example.org');

/** Requests a second, and how many may come at once: by default those of one second. */
const rateLimit = parser((text): RateLimitSettings | undefined => {
  const [, rate, burst] = /^\s*(\d{1,6}(?:\.\d+)?)\s*(?::\s*(\d{1,6}))?\s*$/.exec(text) ?? [];
  const perSecond = Number(rate ?? 0);
  const settings = { perSecond, burst: Number(burst ?? Math.max(1, Math.ceil(perSecond))) };
  return settings.perSecond >= 0.01 && settings.burst >= 1 ? settings : undefined;
}, 'use requests per second from 0.01, as in 10, or with a burst as in 10:50');

/** A list without a key in it would leave the server open by mistake. */
const apiKeys = parser((text) => {
  const keys = commaList(text);
  return keys.length > 0 ? keys : undefined;
}, 'use a comma list of keys, or leave it unset for none');

const variableNames = parser((text) => {
  const names = commaList(text);
  return names.length > 0 && names.every((name) => /^\w+$/.test(name)) ? names : undefined;
}, 'use a comma list of names of environment variables');

const host = parser(hostOrSocketPath, 'use an address, or the absolute path of a unix socket in at most 103 bytes');

const route = parser(routePath, 'use a path like /predict');

const basePath = parser(pathPrefixOf, 'use a path like /ml/portico, of letters, digits and . _ ~ -');

const trustedProxies = parser(
  trustProxy,
  'use true, false, a number of hops, or a comma list of addresses like 10.0.0.0/8',
);

/** A parser that returns undefined for what is not allowed. */
function parser<T>(parse: (text: string) => T | undefined, allowed: string) {
  return z.string().transform((text, context): T => {
    const value = parse(text);
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: allowed });
    return z.NEVER;
  });
}
