/** For each pixel of the detection's input the probability that it belongs to text: `width * height` values, row by row. */
export interface ProbabilityMap {
  readonly data: Float32Array;
  readonly width: number;
  readonly height: number;
}
