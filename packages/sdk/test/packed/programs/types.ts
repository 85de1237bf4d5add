/* oxlint-disable typescript/no-unnecessary-type-parameters -- as the comparison of types needs them */
/* oxlint-disable typescript/no-redundant-type-constituents -- the package's types are unknown until it is built */
import {
  type ErrorCode,
  isPorticoError,
  type OcrParams,
  type OcrResult,
  type Portico,
  PorticoError,
  type PorticoErrorCode,
  type ReadyStatus,
  type TaskName,
  type TaskOutput,
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
assertType<Equal<OcrParams, Reading>>();
assertType<Equal<Parameters<Portico['ocr']>[1], OcrParams | undefined>>();
assertType<Equal<PorticoErrorCode, ErrorCode | 'NETWORK' | 'ABORTED' | 'TIMEOUT'>>();
assertType<Equal<ReadyStatus['status'], 'ready' | 'not ready'>>();
assertType<Equal<PorticoError['issues'], readonly { readonly path: string; readonly message: string }[]>>();
// @ts-expect-error the assertion can fail
assertType<Equal<OcrResult, unknown>>();

declare const portico: Portico;

/** Never called: what must not compile. */
export const mistakes = (): unknown[] => [
  // @ts-expect-error a path is no file
  portico.ocr('photo.jpg'),
  // @ts-expect-error no such parameter
  portico.ocr(Buffer.alloc(1), { minConfidance: 0.5 }),
  // @ts-expect-error a parameter of another type
  portico.ocr(Buffer.alloc(1), { minConfidence: '0.5' }),
  // @ts-expect-error no such task
  portico.orc(Buffer.alloc(1)),
  // @ts-expect-error no such procedure
  portico.trpc.ocr.infr,
  // @ts-expect-error a procedure that needs a file
  portico.trpc.ocr.infer.mutate({}),
];
