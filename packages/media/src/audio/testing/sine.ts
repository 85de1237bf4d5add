/** A sine of half the full scale; frequencies in hertz. */
export const sine = (frequency: number, sampleRate: number, length: number): Float32Array =>
  Float32Array.from({ length }, (_, at) => 0.5 * Math.sin((2 * Math.PI * frequency * at) / sampleRate));
