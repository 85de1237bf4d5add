/** How a value that JSON lacks travels: the words of SuperJSON, https://github.com/flightcontrolhq/superjson. */
export type ValueKind =
  | 'undefined'
  | 'bigint'
  | 'number'
  | 'Date'
  | 'map'
  | 'set'
  | readonly ['custom', 'bytes' | 'numbers'];

/** The kind of one value, and what is inside of it. */
export type Annotation = readonly [kind: ValueKind, inner?: Annotations];

/** Kinds of values by their path, with dots between names, and dots and backslashes in names escaped by a backslash. */
export interface Annotations {
  readonly [path: string]: Annotation;
}

/** A value as JSON, and which parts of it are more than JSON. */
export interface AnnotatedJson {
  readonly json: unknown;
  readonly meta?: { readonly values?: Annotation | Annotations; readonly v: 1 };
}
