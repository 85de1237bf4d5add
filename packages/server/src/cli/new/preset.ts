import type { ModelSettings } from '../../model/register-model.ts';
import type { OnnxFile } from '../../onnx/read-onnx.ts';
import type { CodeValue } from './quote.ts';

/** A kind of model: how its contract, pre- and postprocessing follow from a graph and some choices. */
export interface Preset {
  /** As `--preset` names it. */
  readonly name: string;
  /** One line for `--help`. */
  readonly summary: string;
  /** Its own flags by name, without dashes. Presets that share a name share the placeholder too. */
  readonly flags: Readonly<Record<string, Flag>>;
  /** How much the graph looks like one of this kind, from 0, not at all, to 1. The highest is proposed. */
  fits(file: OnnxFile): number;
  /** @throws {CommandLineError} when the graph cannot be of this kind, or a choice is missing: one sentence, with the flag's name. */
  write(context: PresetContext): Promise<GeneratedModel>;
}

export interface Flag {
  /** The placeholder of its value; a flag without one is either given or not. */
  readonly value: string | undefined;
  readonly about: string;
}

export interface PresetContext {
  readonly file: OnnxFile;
  /** Absolute path of the ONNX file. */
  readonly path: string;
  readonly names: Names;
  /** Absolute path of the sample that was given with `--sample`. It replaces the generated one. */
  readonly sample: string | undefined;
  /** The flag's value, else what is known, else an answer on a terminal, else the fallback, which a closing line then tells. */
  choose<T>(choice: Choice<T>): Promise<Chosen<T>>;
  /** Prints a line at the end: what is to be known or checked. */
  note(line: string): void;
}

/** What the things of one model are called. */
export interface Names {
  /** The task: route, SDK method, and the model's folder. */
  readonly task: string;
  /** The constant that holds the contract: `digitsTask`, which no import and no word of the language is called. */
  readonly constant: string;
  /** The constant that holds the registration: `digitsModel`. */
  readonly model: string;
  /** Begins the names of schemas and types: `Digits`. */
  readonly type: string;
}

export interface Choice<T> {
  /** One of the preset's flags. */
  readonly flag: string;
  /** Without a question mark. */
  readonly question: string;
  /** @throws when the text is no such value: one sentence. */
  readonly parse: (text: string) => T;
  /** What the graph or its metadata says. */
  readonly known?: T;
  /** What stands in where nobody says anything. */
  readonly fallback?: T;
  /** @default String */
  readonly show?: (value: T) => string;
}

export interface Chosen<T> {
  readonly value: T;
  /** Nobody said it: the code marks it. */
  readonly assumed: boolean;
}

/** What a preset writes; registration, signature, test and project around it are the same for all. */
export interface GeneratedModel {
  /** Exports the task under `names.constant`. */
  readonly contract: Module;
  /** Its default export is the model. The graph is `signature` of './signature.ts'; its weights are called `network`. */
  readonly model: Module;
  /** Further modules of the folder, by file name. */
  readonly modules?: Readonly<Record<string, Module>>;
  /** Further files of the folder, by file name. */
  readonly assets?: Readonly<Record<string, string | Uint8Array>>;
  /** Absolute paths of further weights, by their names in the registration. */
  readonly weights?: Readonly<Record<string, string>>;
  readonly settings?: Pick<ModelSettings, 'maxBatchSize' | 'maxBatchBytes' | 'memoryMegabytes' | 'timeoutSeconds'>;
  readonly sample: Sample;
  /** Statements about `output`, the output for the sample, with `assert.ok`, `assert.equal` and `assert.deepEqual` in scope. */
  readonly checks: readonly string[];
  /** npm packages by version range, beside Portico's own and Zod; `true` is this release of Portico. */
  readonly packages?: Readonly<Record<string, string | true>>;
  /** What happens before and after the network, a sentence each, as plain text. */
  readonly explains: readonly string[];
}

/** An input to try the model on: a file among the assets, or the value that a JSON task takes. */
export type Sample = { readonly file: string; readonly mediaType: string } | { readonly input: CodeValue };

/** A module, its imports apart from its body: where they come from depends on the project that it is added to. */
export interface Module {
  /** Names by specifier, as in `type Output`; the contract is './contract.ts'. */
  readonly imports: Readonly<Record<string, readonly string[]>>;
  readonly body: string;
}

/** Mebibytes of an engine: the network's file, what it keeps while it runs, and a large picture. */
export const memoryFor = (bytes: number): number => Math.ceil((250 + (2.5 * bytes) / 2 ** 20) / 50) * 50;
