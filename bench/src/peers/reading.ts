import type { Size } from './size.ts';

/** What a reader made of one image. */
export interface Reading {
  /** The path that it was asked about. */
  readonly file: string;
  readonly text: string;
  readonly lines: number;
  readonly milliseconds: number;
  /** Size at which it looked for lines, in pixels; undefined where it did not come that far. */
  readonly detectionSize?: Size | undefined;
  /** Milliseconds of each stage, by its name, as far as the reader tells them. */
  readonly stages: Readonly<Record<string, number>>;
  /** Why it could not read the image. */
  readonly error?: string | undefined;
}

/** All images, each read once, from the encoded file to the text. */
export interface Round {
  readonly readings: readonly Reading[];
  readonly milliseconds: number;
  /** CPU time of the reader's process. */
  readonly cpuMs: number;
}

/** A process that has loaded its models and reads the same images again and again. */
export interface Reader extends AsyncDisposable {
  readonly name: string;
  read(): Promise<Round>;
}
