import type { Tensor } from '@portico/sdk';
import { pictureShapeOf, type Scale, valuesOfPixels } from './pixels.ts';
import {
  countOf,
  type Fill,
  fillValues,
  boundedCountOf,
  parseValues,
  ValueError,
  type Values,
} from './tensor-values.ts';

/** The lengths of axes that may have any: of a picture's sides, and otherwise. */
const defaultLength = { side: 224, other: 1 };
/** A single channel of at most this many pixels a side is something to draw by hand. */
const maxDrawnSide = 64;
/** More values than these are not typed, and not shown in a text field. */
const maxTypedValues = 1_024;

/** An input of a model as the server describes it. */
export interface InputMetadata extends Pick<Tensor, 'name' | 'datatype' | 'shape'> {
  /** Any number of axes will do; `shape` is one of any length. */
  readonly unranked?: true | undefined;
}

/** Where the values of an input come from. */
export type Source =
  | { readonly kind: 'fill'; readonly fill: Fill; readonly seed: number }
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'picture' | 'drawing';
      /** Undefined before there is a picture. */
      readonly rgba: Uint8ClampedArray | undefined;
      readonly scale: Scale;
    };
export type SourceKind = Source['kind'];

/** One input as it is on the screen. */
export interface InputDraft {
  readonly metadata: InputMetadata;
  /** With a length for every axis. */
  readonly shape: readonly number[];
  readonly source: Source;
}

/** The input as it is at first: something that can be run at once, as far as possible. */
export function initialDraft(metadata: InputMetadata): InputDraft {
  const dynamic = metadata.shape;
  const picture = dynamic.length === 4 && (dynamic[1] === 1 || dynamic[1] === 3);
  const shape = dynamic.map((length, axis) =>
    length >= 0 ? length : picture && axis >= 2 ? defaultLength.side : defaultLength.other,
  );
  const kinds = sourceKindsOf(metadata, shape);
  return { metadata, shape, source: sourceOf(kinds[0]!, { metadata, shape }) };
}

/** Where the values of an input of this datatype and shape can come from; the first is where to begin. */
export function sourceKindsOf({ datatype }: InputMetadata, shape: readonly number[]): SourceKind[] {
  if (datatype === 'BYTES') return ['text'];
  const picture = pictureShapeOf(shape);
  const drawn = picture?.channels === 1 && picture.height <= maxDrawnSide && picture.width <= maxDrawnSide;
  return [
    ...(drawn ? (['drawing'] as const) : []),
    ...(picture === undefined ? [] : (['picture'] as const)),
    'fill',
    ...(countOf(shape) <= maxTypedValues ? (['text'] as const) : []),
  ];
}

/** A new source, before anything is typed, chosen or drawn. */
export function sourceOf(kind: SourceKind, { metadata, shape }: Pick<InputDraft, 'metadata' | 'shape'>): Source {
  switch (kind) {
    case 'text':
      return {
        kind,
        text: [...fillValues(metadata.datatype, Math.min(countOf(shape), maxTypedValues), 'zeros')].join(
          metadata.datatype === 'BYTES' ? '\n' : ', ',
        ),
      };
    case 'picture':
    case 'drawing':
      return { kind, rgba: undefined, scale: /^(FP|BF)/.test(metadata.datatype) ? '0–1' : '0–255' };
    default:
      return { kind, fill: 'random', seed: 1 };
  }
}

/** Another length of an axis. What no longer fits is filled anew. */
export function withShape(draft: InputDraft, shape: readonly number[]): InputDraft {
  const { kind } = draft.source;
  const kept = kind !== 'picture' && kind !== 'drawing' && sourceKindsOf(draft.metadata, shape).includes(kind);
  return kept ? { ...draft, shape } : { ...initialDraft({ ...draft.metadata, shape }), metadata: draft.metadata };
}

/**
 * The values that are sent.
 *
 * @throws {ValueError}
 */
export function valuesOf({ metadata: { datatype }, shape, source }: InputDraft): Values {
  if (source.kind === 'text') return parseValues(datatype, shape, source.text);
  if (source.kind === 'fill') {
    return fillValues(datatype, boundedCountOf(shape), source.fill, randomFrom(source.seed));
  }
  const picture = pictureShapeOf(shape);
  if (source.rgba === undefined || picture === undefined || datatype === 'BYTES') {
    throw new ValueError(source.kind === 'drawing' ? 'Draw something.' : 'Choose a picture.');
  }
  boundedCountOf(shape);
  return valuesOfPixels(datatype, picture, source.rgba, source.scale);
}

/** The same numbers for the same seed (mulberry32), so that what is shown is what is sent. */
const randomFrom = (seed: number) => {
  let state = seed;
  return (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};
