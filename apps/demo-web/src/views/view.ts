import type { ComponentType } from 'react';

/** A file on the screen. */
export interface InputFile {
  readonly blob: Blob;
  readonly name: string;
  /** The blob as an object URL, for `src`. It is revoked when another file takes its place. */
  readonly url: string;
}

/** What a call is made with: a file, several files by the names of their parts, or the JSON value of a task that takes JSON. */
export type Input =
  | ({ readonly kind: 'file' } & InputFile)
  | { readonly kind: 'form'; readonly files: Readonly<Record<string, InputFile>> }
  | { readonly kind: 'json'; readonly value: unknown };

/** The values of parameters by name. */
export type Params = Readonly<Record<string, unknown>>;

/** What a view is given. It is shown as soon as there is an input, before the first call too. */
export interface ViewProps<P = Params, Output = unknown, Item = unknown> {
  readonly input: Input;
  /** As sent with the call that `output` is of, with the defaults of the contract filled in. */
  readonly params: P;
  /** Of the last call with this input that succeeded; undefined before it. It stays while another call runs. */
  readonly output: Output | undefined;
  /** Of a streaming task: what has arrived so far, of the call that runs or of the last one. */
  readonly items: readonly Item[];
  /** A call is under way. */
  readonly running: boolean;
  /** Changes some of the parameters, as if they were changed in the form, and runs again. */
  readonly setParams: (changes: Partial<P>) => void;
  /** Takes another input and runs. */
  readonly setInput: (input: Blob | { readonly value: unknown }) => void;
  /** Runs again with what is on the screen. */
  readonly run: () => void;
}

/** An input that comes with the page. */
export interface Sample {
  readonly name: string;
  /** Where the page's own server has the file; or else `value` is the JSON. */
  readonly url?: URL;
  readonly value?: unknown;
}

/** What the page knows of a task besides its contract. */
export interface TaskView {
  /** How the result is drawn, loaded when there is an input. It draws its input too: the picture under the overlay. */
  readonly View: ComponentType<ViewProps>;
  /** Loads the view ahead of its use. */
  readonly preload: () => void;
  readonly samples: readonly Sample[];
  /**
   * The view edits its JSON input itself, through `setInput`, and begins with the first sample.
   * @default false: the page has a form for it
   */
  readonly editsInput?: boolean;
  /** What to do about a server that does not have this task. */
  readonly notServed?: string;
}
