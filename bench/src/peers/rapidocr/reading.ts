/** Width and height in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

export const formatSize = (size: Size | undefined): string =>
  size === undefined ? 'none' : `${size.width} × ${size.height}`;

/** What a reader made of one image. */
export interface Reading {
  /** The image's path. */
  readonly file: string;
  readonly text: string;
  readonly lines: number;
  readonly milliseconds: number;
  /** Size at which it looked for lines, in pixels; undefined where reading failed before. */
  readonly detectionSize?: Size | undefined;
  /** Milliseconds of each stage, by its name, as far as the reader reports them. */
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

/** All rounds of one reader. */
export interface Timed {
  readonly name: string;
  readonly rounds: readonly Round[];
}
