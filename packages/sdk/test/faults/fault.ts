/** Where a request breaks. */
export type BreakPoint =
  | 'before the request body'
  | 'in the request body'
  | 'before the response'
  /** After this many bytes of the response's body, once its head is sent. */
  | { readonly bytes: number }
  /** After the line of the response's body that has this text. */
  | { readonly text: string };

/** What happens to one request. Times are in milliseconds. */
export type Fault =
  | { readonly kind: 'pass' }
  | { readonly kind: 'delay'; readonly request?: number; readonly response?: number }
  /** The request's body is read with a pause after each piece of at most 64 KiB. */
  | { readonly kind: 'slow upload'; readonly pause: number }
  /** The connection is closed, or reset. */
  | { readonly kind: 'cut' | 'reset'; readonly where: BreakPoint }
  /** The proxy responds in place of the server. */
  | {
      readonly kind: 'respond';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    }
  /** There is never a response. */
  | { readonly kind: 'silence' }
  /** Something that is not HTTP. */
  | { readonly kind: 'garbage' }
  /** The response's body comes in pieces of this many bytes, with pauses. */
  | { readonly kind: 'drip'; readonly bytes: number; readonly pause: number };

/** What happens to each request, counted from 0. */
export type Script = (index: number) => Fault;

export const pass: Fault = { kind: 'pass' };

/** One fault for each request in turn, and then no more. */
export const inOrder =
  (...faults: readonly Fault[]): Script =>
  (index) =>
    faults[index] ?? pass;

export const always =
  (fault: Fault): Script =>
  () =>
    fault;
