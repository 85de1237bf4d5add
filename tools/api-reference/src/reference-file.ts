import { join } from 'node:path';

/** The reference in the documentation. */
export const referenceFile = join(import.meta.dirname, '../../../docs/sdk/reference.md');

/** The command that writes it. */
export const command = 'npm run docs:api';

/** The first line of the reference: what it was made from. */
export const headOf = (digest: string): string =>
  `<!-- Written by ${command} from declarations with sha256 ${digest}. -->`;
