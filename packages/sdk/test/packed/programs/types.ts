/* oxlint-disable typescript/no-unnecessary-type-parameters -- as the comparison of types needs them */
/* oxlint-disable typescript/no-redundant-type-constituents -- the package's types are unknown until it is built */
import {
  type BatchOptions,
  type BatchResult,
  type CallOptions,
  createPortico,
  type EmbedInput,
  type EmbedParams,
  type EmbedResult,
  type ErrorCode,
  type FileInput,
  type GpuStatus,
  isPorticoError,
  type ModelList,
  type OcrParams,
  type OcrResult,
  type Portico,
  type PorticoError,
  type PorticoErrorCode,
  type ReadyStatus,
  type SpeechSegment,
  type TaskItem,
  type TaskName,
  type TaskOutput,
  type Tensor,
  type TensorResult,
  type UntypedTask,
  type UploadOptions,
  type VadParams,
  type VadResult,
} from '@portico/sdk';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const assertType = <_Holds extends true>(): void => {};

interface Word {
  text: string;
  confidence: number;
  polygon: { x: number; y: number }[];
}

interface Line extends Word {
  words?: Word[] | undefined;
}

interface Page {
  width: number;
  height: number;
  angle: number;
  text: string;
  lines: Line[];
  warnings: { code: 'firstPage' | 'scaledDown'; message: string }[];
}

interface Embeddings {
  dimensions: number;
  embeddings: number[][];
  warnings: { code: 'truncated'; message: string }[];
}

interface Reading {
  minConfidence?: number | undefined;
  maxSideLength?: number | undefined;
  detectOrientation?: boolean | undefined;
  words?: boolean | undefined;
  halfWidth?: boolean | undefined;
}

assertType<Equal<TaskName, 'ocr' | 'faces' | 'segment' | 'vad' | 'embed'>>();
assertType<Equal<OcrResult, Page>>();
assertType<Equal<TaskOutput<'ocr'>, OcrResult>>();
assertType<Equal<TaskItem<'vad'>, SpeechSegment>>();
assertType<Equal<OcrParams, Reading>>();
assertType<Equal<EmbedResult, Embeddings>>();
assertType<Equal<PorticoErrorCode, ErrorCode | 'NETWORK' | 'ABORTED' | 'TIMEOUT'>>();
assertType<Equal<ReadyStatus['status'], 'ready' | 'not ready'>>();
assertType<Equal<PorticoError['issues'], readonly { readonly path: string; readonly message: string }[]>>();
// @ts-expect-error the assertion can fail
assertType<Equal<OcrResult, unknown>>();

const portico = createPortico({ url: 'http://localhost:8000' });
type Method<Name extends keyof Portico> = Portico[Name];
type Arguments<Called extends (...words: never[]) => unknown> = Required<Parameters<Called>>;

assertType<Equal<typeof portico, Portico>>();
assertType<Equal<Arguments<Method<'ocr'>>, [FileInput, OcrParams, UploadOptions]>>();
assertType<Equal<ReturnType<Method<'ocr'>>, Promise<OcrResult>>>();
assertType<Equal<Arguments<Method<'ocr'>['batch']>, [Iterable<FileInput>, OcrParams, BatchOptions]>>();
assertType<Equal<ReturnType<Method<'ocr'>['batch']>, Promise<BatchResult<OcrResult>[]>>>();
assertType<Equal<Arguments<Method<'vad'>['stream']>, [FileInput, VadParams, CallOptions]>>();
assertType<Equal<ReturnType<Method<'vad'>['stream']>, AsyncGenerator<SpeechSegment, VadResult, void>>>();
assertType<Equal<ReturnType<Method<'segment'>['image']>, Promise<Blob>>>();
assertType<Equal<Arguments<Method<'embed'>>, [EmbedInput, EmbedParams, CallOptions]>>();
assertType<Equal<ReturnType<Method<'embed'>>, Promise<EmbedResult>>>();
assertType<Equal<ReturnType<Method<'ready'>>, Promise<ReadyStatus>>>();
assertType<Equal<ReturnType<Method<'models'>>, Promise<ModelList>>>();
assertType<Equal<ReturnType<Method<'gpu'>>, Promise<GpuStatus>>>();
assertType<Equal<ReturnType<ReturnType<Method<'tensors'>>['infer']>, Promise<TensorResult>>>();
assertType<Equal<TensorResult['outputs'], readonly Tensor[]>>();

/** What is known of an error after asking for its code. */
export function codeOf(error: unknown): string {
  if (isPorticoError(error, 'TIMEOUT')) {
    assertType<Equal<typeof error.code, 'TIMEOUT'>>();
    assertType<Equal<typeof error.status, number | undefined>>();
    return error.code;
  }
  if (!isPorticoError(error)) return '';
  assertType<Equal<typeof error.code, PorticoErrorCode>>();
  return error.code;
}

/** The datatype of a tensor implies its array. */
export function sumOf(tensor: Tensor): number {
  if (tensor.datatype === 'INT64') assertType<Equal<typeof tensor.data, BigInt64Array>>();
  if (tensor.datatype === 'BYTES') assertType<Equal<typeof tensor.data, readonly string[]>>();
  if (tensor.datatype !== 'FP32') return 0;
  assertType<Equal<typeof tensor.data, Float32Array>>();
  return tensor.data.reduce((sum, value) => sum + value, 0);
}

/** What a batch gives. */
export const firstText = ([result]: BatchResult<OcrResult>[]): string => {
  if (result === undefined) return '';
  if (result.ok) {
    assertType<Equal<typeof result, { readonly ok: true; readonly value: OcrResult }>>();
    return result.value.text;
  }
  assertType<Equal<typeof result.error, PorticoError>>();
  return result.error.message;
};

/** Never called: every way to name a file. */
export const files = (): FileInput[] => [
  'photo.jpg',
  'data:image/png;base64,AA==',
  new URL('file:///photo.jpg'),
  new Blob([]),
  Buffer.alloc(1),
  new Uint8Array(1),
  new ArrayBuffer(1),
  new Blob([]).stream(),
  process.stdin,
  { data: new Uint8Array(1), mediaType: 'image/png', name: 'photo.png' },
];

/** Never called: what must not compile. */
export const mistakes = (): unknown[] => [
  // @ts-expect-error a number is no file
  portico.ocr(7),
  // @ts-expect-error an object around something else is no file
  portico.ocr({ data: 7 }),
  // @ts-expect-error no such parameter
  portico.ocr('photo.jpg', { minConfidance: 0.5 }),
  // @ts-expect-error a parameter of another type
  portico.ocr('photo.jpg', { minConfidence: '0.5' }),
  // @ts-expect-error no such option
  portico.ocr('photo.jpg', {}, { timeout: 5 }),
  // @ts-expect-error a task that takes JSON
  portico.embed('hello'),
  // @ts-expect-error nothing is uploaded
  portico.embed({ texts: [] }, {}, { onUploadProgress: () => {} }),
  // @ts-expect-error a task that does not stream
  portico.ocr.stream,
  // @ts-expect-error a task that makes no picture
  portico.vad.image,
  // @ts-expect-error no such task
  portico.orc,
  // @ts-expect-error no typed array
  portico.tensors('speech').infer({ inputs: [{ name: 'input', shape: [1], data: [0.5] }] }),
  // @ts-expect-error no such code
  isPorticoError(undefined, 'OVERLOAD'),
  // @ts-expect-error a server has an address
  createPortico({}),
  // @ts-expect-error tasks that are not the bundled ones are given
  createPortico<{ digits: UntypedTask<'image'> }>({ url: 'http://localhost:8000' }),
];
