import { errorTable } from '@portico/schemas';
import type { ErrorCode } from '../contract.ts';

// The build replaces this file by the same rows without their titles and meanings: see ../../build.

/** Every error of the server, as far as a client uses it. */
export const errorFacts: Readonly<Record<ErrorCode, { readonly status: number; readonly retryable: boolean }>> =
  errorTable;
