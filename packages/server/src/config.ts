import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { apiKeysSetting } from './config/api-keys-setting.ts';
import { deviceSetting } from './config/device-setting.ts';
import { logLevelSetting } from './config/log-level.ts';
import { labelOf, modelRepository } from './config/model-repository.ts';
import { modelSelection } from './config/model-selection.ts';
import { findWeights } from './config/find-weights.ts';
import { numberSetting } from './config/number-setting.ts';
import { originsSetting } from './config/origins-setting.ts';
import { type Machine, shareMachine } from './config/share-machine.ts';
import { trustProxySetting } from './config/trust-proxy-setting.ts';
import type { ModelRegistry } from './model/register-model.ts';
import { redactUrl } from './weights/weights-file.ts';

const mebibyte = 1024 * 1024;
/** Mebibytes of uploads that are held at once, or one of the largest if that is more. */
const defaultInflight = 256;

/** Every environment variable, its default and what is allowed. */
const environmentSchema = (registry: ModelRegistry, environment: NodeJS.ProcessEnv) =>
  environmentFields(registry, environment).refine(
    ({ MAX_INFLIGHT_MB: inflight, MAX_UPLOAD_MB: upload }) => inflight === undefined || inflight >= upload,
    { path: ['MAX_INFLIGHT_MB'], error: 'at least MAX_UPLOAD_MB, or the largest uploads would never be taken' },
  );

const environmentFields = (registry: ModelRegistry, environment: NodeJS.ProcessEnv) =>
  z.object({
    PORT: numberSetting({ minimum: 0, maximum: 65_535, whole: true }).default(8_000),
    HOST: z.string().min(1).default('0.0.0.0'),
    MODEL_NAME: modelSelection(registry).transform(findWeights(registry, environment)),
    MODEL_REPOSITORY: modelRepository,
    TENSOR_BATCHING: z.enum(['on', 'off'], { error: 'on or off' }).default('on'),
    MODEL_CACHE_DIR: z
      .string()
      .min(1)
      .default(join(homedir(), '.cache', 'portico')),
    MAX_UPLOAD_MB: numberSetting({ minimum: 1, maximum: 1_000 }).default(20),
    MAX_BATCH_ITEMS: numberSetting({ minimum: 1, maximum: 1_000, whole: true }).default(32),
    MAX_IMAGE_MEGAPIXELS: numberSetting({ minimum: 1, maximum: 1_000 }).default(50),
    INFER_TIMEOUT_SECONDS: numberSetting({ minimum: 0.1, maximum: 86_400 }).default(60),
    LOG_LEVEL: logLevelSetting,
    DEVICE: deviceSetting,
    REPLICAS: numberSetting({ minimum: 1, maximum: 256, whole: true }).optional(),
    THREADS: numberSetting({ minimum: 1, maximum: 256, whole: true }).default(1),
    MAX_QUEUE: numberSetting({ minimum: 1, maximum: 100_000, whole: true }).default(64),
    MAX_INFLIGHT_MB: numberSetting({ minimum: 1, maximum: 1_000_000 }).optional(),
    REPLICA_MEMORY_MB: numberSetting({ minimum: 64, maximum: 10_000_000 }).optional(),
    CORS_ORIGINS: originsSetting,
    DRAIN_SECONDS: numberSetting({ minimum: 0, maximum: 3_600 }).default(5),
    KEEP_ALIVE_SECONDS: numberSetting({ minimum: 1, maximum: 3_600 }).default(75),
    TRUST_PROXY: trustProxySetting,
    API_KEYS: apiKeysSetting,
  });

/** What the server was told, in the units the code works with. */
export type Config = ReturnType<typeof toConfig>;

/** A start that must not happen: one line for each mistake. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads the environment once.
 * @throws {ConfigError} with a line for each wrong variable: its name, its value and what is allowed.
 */
export function parseConfig(environment: NodeJS.ProcessEnv, registry: ModelRegistry, machine: Machine): Config {
  const given = Object.fromEntries(
    // An empty MODEL_NAME means no model; any other empty variable means the default.
    Object.entries(environment).filter(([name, value]) => value !== '' || name === 'MODEL_NAME'),
  );
  const parsed = environmentSchema(registry, given).safeParse(given);
  if (parsed.success) return toConfig(parsed.data, registry, machine);
  const lines = parsed.error.issues.map(({ path, message }) => {
    // A model's weights are looked for where its own variable says, which is the path's last.
    const name = String(path.at(-1));
    const value = given[name];
    if (value === undefined) return `${name} is not set: ${message}`;
    return `${name}=${JSON.stringify(path.length > 1 ? withoutSecrets(value) : value)} is not allowed: ${message}`;
  });
  throw new ConfigError(lines.join('\n'));
}

/** Where weights are may be a URL, which may hold secrets; one without its beginning, too. */
const withoutSecrets = (value: string): string =>
  value.includes('://')
    ? redactUrl(value.trim())
    : value.replace(/^(\/\/)?[^/]*@/, (_, slashes = '') => `${slashes}…@`).replace(/\?.*$/s, '?…');

function toConfig(values: z.output<ReturnType<typeof environmentSchema>>, registry: ModelRegistry, machine: Machine) {
  const shares = shareMachine({
    machine,
    models: [
      ...values.MODEL_NAME.map(({ name }) => {
        const { memoryMegabytes, replicas } = registry.get(name)?.settings ?? {};
        return { name, memoryMegabytes, replicas };
      }),
      ...values.MODEL_REPOSITORY.map((file) => ({ name: labelOf(file) })),
    ],
    threads: values.THREADS,
    replicaMemoryBytes: values.REPLICA_MEMORY_MB === undefined ? undefined : values.REPLICA_MEMORY_MB * mebibyte,
    replicas: values.REPLICAS,
  });
  return {
    host: values.HOST,
    port: values.PORT,
    models: values.MODEL_NAME,
    repository: values.MODEL_REPOSITORY,
    joinsRows: values.TENSOR_BATCHING === 'on',
    cacheDirectory: values.MODEL_CACHE_DIR,
    maxUploadBytes: Math.floor(values.MAX_UPLOAD_MB * mebibyte),
    maxBatchItems: values.MAX_BATCH_ITEMS,
    maxImagePixels: Math.floor(values.MAX_IMAGE_MEGAPIXELS * 1_000_000),
    inferTimeoutMs: values.INFER_TIMEOUT_SECONDS * 1_000,
    logLevel: values.LOG_LEVEL,
    device: values.DEVICE,
    shares,
    threads: values.THREADS,
    maxQueue: values.MAX_QUEUE,
    maxInflightBytes: Math.floor(
      (values.MAX_INFLIGHT_MB ?? Math.max(defaultInflight, values.MAX_UPLOAD_MB)) * mebibyte,
    ),
    corsOrigins: values.CORS_ORIGINS,
    drainMs: values.DRAIN_SECONDS * 1_000,
    keepAliveMs: values.KEEP_ALIVE_SECONDS * 1_000,
    trustProxy: values.TRUST_PROXY,
    apiKeys: values.API_KEYS,
  };
}
