import { existsSync, readdirSync } from 'node:fs';
import { repositoryFiles } from './model-repository.ts';

/** Where SageMaker unpacks the files of a model. */
const sageMakerFolder = '/opt/ml/model';
/** SageMaker's and Vertex AI's, where no variable names another. */
const platformPort = 8_080;

/** What runs the server's container, and what it expects where no variable of Portico says otherwise. */
export interface Platform {
  readonly name: 'SageMaker' | 'Vertex AI' | 'Cloud Run' | 'Azure ML';
  readonly port?: number;
  /** Where it puts the files of a model. */
  readonly modelFolder?: string | undefined;
  /** From SIGTERM to the exit: a second or two less than the time after which it kills the process. */
  readonly shutdownSeconds?: number;
  /** All requests come to one route, which names no model, and without their clients' headers, a key among them. */
  readonly callsOneRoute?: true;
}

/**
 * The platform by the variables it sets, or by the folder it mounts; undefined where there is no sign of one.
 * @param environment without empty variables
 */
export function platformOf(environment: NodeJS.ProcessEnv, exists = existsSync): Platform | undefined {
  const has = (name: string): boolean => environment[name] !== undefined;
  // SIGKILL follows SIGTERM after 30 seconds.
  // https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
  if (has('SAGEMAKER_BIND_TO_PORT') || exists(sageMakerFolder))
    return {
      name: 'SageMaker',
      port: platformPort,
      modelFolder: sageMakerFolder,
      shutdownSeconds: 28,
      callsOneRoute: true,
    };
  // https://cloud.google.com/vertex-ai/docs/predictions/custom-container-requirements
  if (has('AIP_HTTP_PORT') || has('AIP_PREDICT_ROUTE'))
    return { name: 'Vertex AI', port: platformPort, callsOneRoute: true };
  // Knative sets this too, on Kubernetes, and waits for minutes. Cloud Run kills after 10 seconds.
  // https://cloud.google.com/run/docs/container-contract
  if (has('K_SERVICE') && !has('KUBERNETES_SERVICE_HOST')) return { name: 'Cloud Run', shutdownSeconds: 9 };
  if (has('AZUREML_MODEL_DIR')) return { name: 'Azure ML', modelFolder: environment['AZUREML_MODEL_DIR'] };
  return undefined;
}

/** How long stopping may take on this platform; undefined where it says nothing, or less than the drain takes. */
export function shutdownSecondsOf(platform: Platform | undefined, drainSeconds: number): number | undefined {
  const seconds = platform?.shutdownSeconds ?? 0;
  return seconds > drainSeconds ? seconds : undefined;
}

/** The platform's folder of model files: served, or why not. */
export interface PlatformFolder {
  readonly path: string;
  readonly ignored?: string;
  /** There is something in it that cannot be served. */
  readonly isMistake?: boolean;
}

/**
 * What the platform's folder is for: without `MODEL_NAME` and `MODEL_REPOSITORY`, its ONNX files are what is served, and
 * nothing else. Undefined where there is none.
 */
export function platformFolder(
  platform: Platform | undefined,
  environment: NodeJS.ProcessEnv,
): PlatformFolder | undefined {
  const path = platform?.modelFolder;
  if (path === undefined) return undefined;
  if (!existsSync(path)) {
    const isNamed = environment['AZUREML_MODEL_DIR'] === path;
    return isNamed ? { path, ignored: 'there is no such folder', isMistake: true } : undefined;
  }
  const named = ['MODEL_NAME', 'MODEL_REPOSITORY'].find((name) => environment[name] !== undefined);
  if (named !== undefined) return { path, ignored: `${named} is set` };
  try {
    repositoryFiles(path);
    return { path };
  } catch (error) {
    const ignored = error instanceof Error ? error.message : String(error);
    return { path, ignored, isMistake: !isEmpty(path) };
  }
}

function isEmpty(folder: string): boolean {
  try {
    return readdirSync(folder).length === 0;
  } catch {
    // It may not be read, which is worth a warning.
    return false;
  }
}

interface PlatformConfig {
  readonly platform: Platform | undefined;
  readonly platformFolder: PlatformFolder | undefined;
  readonly models: readonly { readonly name: string }[];
  readonly repository: readonly { readonly name: string }[];
  readonly apiKeys: readonly string[];
}

/** What the log says at the start of a server on a platform: what follows from it, and what will not work there. */
export function platformLines({ platform, platformFolder: folder, models, repository, apiKeys }: PlatformConfig) {
  if (platform === undefined) return [];
  const { name, callsOneRoute = false } = platform;
  const names = [...new Set([...models, ...repository].map((model) => model.name))];
  const lines: { level: 'info' | 'warn'; text: string }[] = [{ level: 'info', text: `Running on ${name}.` }];
  if (folder !== undefined) {
    const { path, ignored, isMistake = false } = folder;
    const text =
      ignored === undefined
        ? `Serving the ONNX files in ${path}, because neither MODEL_NAME nor MODEL_REPOSITORY is set.`
        : `${path} is not served: ${ignored}.`;
    lines.push({ level: isMistake ? 'warn' : 'info', text });
  }
  if (callsOneRoute && names.length > 1) {
    const text = `${name} sends requests that name no model, and this server has several: ${names.join(', ')}. They get 404 until MODEL_NAME or MODEL_REPOSITORY names one.`;
    lines.push({ level: 'warn', text });
  }
  if (callsOneRoute && apiKeys.length > 0) {
    const text = `API_KEYS is set, but ${name} passes no key on, so every inference gets 401. Unset it: ${name} authenticates clients itself.`;
    lines.push({ level: 'warn', text });
  }
  return lines;
}
