import { join } from 'node:path';

/** The folder of the inputs that the tests use. */
export const samples = join(import.meta.dirname, '../../../../samples');
