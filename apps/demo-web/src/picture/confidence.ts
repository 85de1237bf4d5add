/** Of a product of a fraction with two digits: 0.29 × 100 is a little less than 29. */
const roundingError = 1e-9;

/** A probability with two digits, never rounded up: 1.00 is certain. */
export const confidenceText = (confidence: number): string =>
  (Math.floor(confidence * 100 + roundingError) / 100).toFixed(2);
