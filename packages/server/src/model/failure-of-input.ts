import { type Failure, isFailure } from '@portico/schemas';

/** A failure of one input is its result; cancelling ends the whole batch, and anything else is a defect. */
export function failureOfInput(error: unknown): Failure {
  if (isFailure(error) && error.code !== 'CANCELLED') return error;
  throw error;
}
