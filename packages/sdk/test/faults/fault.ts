/** Where on its way a request is broken off. */
export type BreakPoint =
  | 'before the request body'
  | 'in the request body'
  | 'before the answer'
  /** After so many bytes of the answer's body; its head has gone out. */
  | { readonly bytes: number }
  /** After the line of the answer's body in which this text stands. */
  | { readonly text: string };

/** What befalls one request. Times are in milliseconds. */
export type Fault =
  | { readonly kind: 'pass' }
  | { readonly kind: 'delay'; readonly request?: number; readonly answer?: number }
  /** The request's body is read with a pause after each piece of at most 64 KiB. */
  | { readonly kind: 'slow upload'; readonly pause: number }
  /** The connection ends in order, or is reset. */
  | { readonly kind: 'cut' | 'reset'; readonly where: BreakPoint }
  /** The proxy answers in the server's place. */
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    }
  /** Nothing is ever answered. */
  | { readonly kind: 'silence' }
  /** What is no HTTP. */
  | { readonly kind: 'garbage' }
  /** The answer's body comes in pieces of so many bytes, with pauses. */
  | { readonly kind: 'drip'; readonly bytes: number; readonly pause: number };

/** What befalls each request, counted from 0. */
export type Script = (index: number) => Fault;

export const pass: Fault = { kind: 'pass' };

/** One fault for each request in turn, and then none any more. */
export const inOrder =
  (...faults: readonly Fault[]): Script =>
  (index) =>
    faults[index] ?? pass;

export const always =
  (fault: Fault): Script =>
  () =>
    fault;
