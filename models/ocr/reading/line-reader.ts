import type { RgbImage } from '@portico/media';
import { refuseIfCancelled } from '@portico/server/model';
import { heightOf, partOf, type Quad, turned, widthOf } from '../geometry/quad.ts';
import { inputWidth as classifierWidth, type TurnClassifier } from '../orientation/turn-classifier.ts';
import type { RecognisedText } from '../recognition/ctc.ts';
import { lineCrop } from '../recognition/line-crop.ts';
import { inputHeight, maxInputWidth, type Recogniser } from '../recognition/recogniser.ts';
import { unstack } from './stacked-characters.ts';

/** Text in a quad of the image. */
export interface ReadLine extends RecognisedText {
  readonly polygon: Quad;
  /** Characters stand one below the other. */
  readonly vertical: boolean;
}

/** What a page's lines are read with. */
export type ReadsLines = Pick<LineReader, 'read' | 'readStacked' | 'upsideDown'>;

/** Reads single lines of one image, as long as somebody waits for it. */
export class LineReader {
  readonly #image: RgbImage;
  readonly #recognise: Recogniser;
  readonly #classify: TurnClassifier;
  readonly #signal: AbortSignal;

  constructor(image: RgbImage, recognise: Recogniser, classify: TurnClassifier, signal: AbortSignal) {
    this.#image = image;
    this.#recognise = recognise;
    this.#classify = classify;
    this.#signal = signal;
  }

  /** @throws {Failure} `CANCELLED` once the signal is aborted. */
  async read(polygon: Quad): Promise<ReadLine> {
    refuseIfCancelled(this.#signal);
    const line = lineCrop(this.#image, polygon, inputHeight, maxInputWidth);
    return { ...(await this.#recognise(line)), polygon, vertical: false };
  }

  /**
   * Reads characters that stand one below the other.
   *
   * @throws {Failure} `CANCELLED` once the signal is aborted.
   */
  async readStacked(polygon: Quad): Promise<ReadLine> {
    refuseIfCancelled(this.#signal);
    const column = lineCrop(this.#image, turned(polygon, 1), inputHeight, maxInputWidth);
    return { ...(await this.#recognise(unstack(column))), polygon, vertical: true };
  }

  /**
   * The probability that the line stands upside down, 0 to 1, judged by its beginning.
   *
   * @throws {Failure} `CANCELLED` once the signal is aborted.
   */
  async upsideDown(polygon: Quad): Promise<number> {
    refuseIfCancelled(this.#signal);
    const beginning = (heightOf(polygon) * classifierWidth) / inputHeight / widthOf(polygon);
    const part = partOf(polygon, 'across', 0, Math.min(1, beginning));
    return this.#classify(lineCrop(this.#image, part, inputHeight, classifierWidth));
  }
}
