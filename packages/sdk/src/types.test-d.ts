import type { AppRouter as ServerRouter } from '@portico/api';
import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server';
import { assertType, type Equal } from '../test/equal.ts';
import type { ErrorCode, ReadyStatus } from './contract.ts';
import { createPortico } from './create-portico.ts';
import type { FileInput } from './file-input.ts';
import type { CallOptions } from './options.ts';
import { isPorticoError, type PorticoErrorCode } from './portico-error.ts';
import type { AppRouter } from './router.ts';
import type { TaskMethod, TaskOutput, TaskParams } from './task-types.ts';

const portico = createPortico({ url: 'http://localhost:8000' });

/** The published router is the server's. */
assertType<Equal<inferRouterInputs<AppRouter>, inferRouterInputs<ServerRouter>>>();
assertType<Equal<inferRouterOutputs<AppRouter>, inferRouterOutputs<ServerRouter>>>();

/** A file task takes a file, a JSON task its own input. */
assertType<
  Equal<
    typeof portico.ocr,
    (file: FileInput, params?: TaskParams<'ocr'>, options?: CallOptions) => Promise<TaskOutput<'ocr'>>
  >
>();
interface Embed {
  accepts: 'json';
  input: string[];
  params: { normalize?: boolean | undefined };
  output: { vectors: number[][] };
  item: never;
}
assertType<
  Equal<
    TaskMethod<Embed>,
    (input: string[], params?: Embed['params'], options?: CallOptions) => Promise<{ vectors: number[][] }>
  >
>();
assertType<Equal<ReturnType<typeof portico.ready>, Promise<ReadyStatus>>>();

void portico.ocr(new Blob(), {});
void portico.ocr(new File([], 'a'), { minConfidence: 0.5 });
void portico.ocr(Buffer.alloc(1), undefined, { timeoutMs: 1 });
void portico.ocr(new ArrayBuffer(1), {}, { signal: AbortSignal.timeout(1) });
void portico.ocr({ data: new Uint8Array(1), mediaType: 'image/png', name: 'a.png' });
// @ts-expect-error a path is no file
void portico.ocr('photo.jpg');
// @ts-expect-error an object around something else is no file
void portico.ocr({ data: 'photo.jpg' });
// @ts-expect-error no such parameter
void portico.ocr(new Blob(), { minConfidance: 0.5 });
// @ts-expect-error a parameter of another type
void portico.ocr(new Blob(), { minConfidence: '0.5' });
// @ts-expect-error no such task
void portico.orc;

assertType<Equal<PorticoErrorCode, ErrorCode | 'NETWORK' | 'ABORTED' | 'TIMEOUT'>>();
const error: unknown = undefined;
if (isPorticoError(error, 'OVERLOADED')) assertType<Equal<typeof error.code, 'OVERLOADED'>>();
if (isPorticoError(error)) assertType<Equal<typeof error.code, PorticoErrorCode>>();
// @ts-expect-error no such code
isPorticoError(error, 'OVERLOAD');
