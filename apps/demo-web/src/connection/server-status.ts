import type { GpuStatus, ModelList, ReadyStatus } from '@portico/sdk';

type Model = ModelList['models'][number];
type TaskModel = Extract<Model, { kind: 'task' }>;

/** What a server says about itself. */
interface ServerStatus {
  readonly models: readonly Model[];
  readonly ready: ReadyStatus;
  readonly gpu: GpuStatus | undefined;
}

/** A server has a handful of models; what is beyond these is not shown. */
const maxModels = 200;
/** Longer summaries are cut. */
const maxSummaryLength = 2_000;

/** A form has no more files. */
const maxParts = 16;
const partName = /^[a-zA-Z][a-zA-Z0-9_]{0,31}$/;

const measures = ['utilizationPercent', 'memoryUsedBytes', 'memoryTotalBytes', 'temperatureCelsius', 'powerWatts'];

/** What the SDK can call by its name. */
const taskName = /^[a-z][a-zA-Z0-9]{0,31}$/;

/**
 * What a server says about itself, as far as the page can show it: an address may lead to a server of any kind, and one model that is described
 * badly must not hide the others.
 *
 * @throws {Error} if it is not what a Portico server says.
 */
export function readStatus(list: ModelList, ready: ReadyStatus, gpu: GpuStatus): ServerStatus {
  const models = listOf(Object(list).models);
  const readiness = listOf(Object(ready).models);
  if (models === undefined || readiness === undefined || !isText(ready.status)) {
    throw new Error('The server at this address is not a Portico server.');
  }
  const { detail } = Object(ready) as Unknown;
  const shown: object = { ...ready, detail: isText(detail) ? detail : '', models: readiness.filter(isReadiness) };
  return {
    models: models.filter(isModel).map((model) => (model.kind === 'task' ? { ...model, ...factsOf(model) } : model)),
    ready: shown as ReadyStatus,
    gpu: isGpuStatus(gpu) ? gpu : undefined,
  };
}

type Unknown = Readonly<Record<string, unknown>>;

const listOf = (value: unknown): Unknown[] | undefined =>
  Array.isArray(value)
    ? value.filter((entry): entry is Unknown => typeof entry === 'object' && entry !== null).slice(0, maxModels)
    : undefined;

const isText = (value: unknown): value is string => typeof value === 'string';
const isNumber = (value: unknown): value is number => typeof value === 'number';
const areTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every(isText);
const isTextOrNull = (value: unknown): boolean => value === null || isText(value);

function isModel(model: Unknown): model is Unknown & Model {
  const { kind, name, device, devicesRefused, maxBatch } = model;
  if (!isText(name) || !isTextOrNull(device) || !(maxBatch === null || isNumber(maxBatch))) return false;
  if (!Array.isArray(devicesRefused) || !devicesRefused.every((refused: unknown) => isText(Object(refused).reason)))
    return false;
  if (kind === 'tensors') return isText(model['version']) && [model['inputs'], model['outputs']].every(areTensors);
  return (
    kind === 'task' &&
    taskName.test(name) &&
    [model['summary'], model['variant']].every(isText) &&
    [model['accepts'], model['answers']].every(areTexts)
  );
}

/** Null while the file is being loaded. */
const areTensors = (value: unknown): boolean =>
  value === null ||
  (Array.isArray(value) &&
    value.every(
      ({ name, datatype, shape, labels }: Unknown) =>
        isText(name) && isText(datatype) && Array.isArray(shape) && shape.every(isNumber) && areLabels(labels),
    ));

/** The classes that the columns of an output are for, where the model says so. */
const areLabels = (labels: unknown): boolean =>
  labels === undefined || (Array.isArray(labels) && labels.every((label) => isText(label) || isNumber(label)));

/** What is said of a task in words, and what servers before 0.2 do not say: its kind of input, the files of a form and what it produces. */
function factsOf({ summary, accepts, answers, inputKind, parts, produces }: Partial<TaskModel>): Partial<TaskModel> {
  const files = Array.isArray(parts) && parts.every(isPart) ? parts.slice(0, maxParts) : [];
  const isForm = inputKind === 'form' && files.length > 0;
  const isJson = inputKind === undefined ? accepts?.includes('application/json') === true : inputKind === 'json';
  const picture = answers?.includes('image/png') === true ? { field: '', mediaType: 'image/png' } : null;
  return {
    summary: String(summary).slice(0, maxSummaryLength),
    inputKind: isForm ? 'form' : isJson ? 'json' : 'file',
    parts: isForm ? files : null,
    produces: produces !== undefined && produces !== null && isText(produces.mediaType) ? produces : picture,
  };
}

const isPart = (part: unknown): boolean => {
  const { name, accepts } = Object(part) as Unknown;
  return isText(name) && partName.test(name) && areTexts(accepts);
};

function isReadiness({ name, replicas }: Unknown): boolean {
  const { ready, target } = Object(replicas) as Unknown;
  return isText(name) && isNumber(ready) && isNumber(target);
}

function isGpuStatus(gpu: GpuStatus): boolean {
  const { available, reason, gpus } = Object(gpu) as Unknown;
  if (available === false) return isText(reason);
  return (
    Array.isArray(gpus) &&
    gpus.every((one: unknown) => {
      const { index, name, ...measured } = Object(one) as Unknown;
      const known = measures.every((measure) => measured[measure] === null || isNumber(measured[measure]));
      return isNumber(index) && isText(name) && known;
    })
  );
}
