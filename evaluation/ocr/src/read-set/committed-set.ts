import { join } from 'node:path';

/** The folder with the images of this package, from the sources as from what they are compiled to. */
export const committedSet = join(import.meta.dirname, '../../set');
