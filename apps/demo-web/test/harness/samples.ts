import { join } from 'node:path';

const folder = join(import.meta.dirname, '../../../../samples');

/** Files for the file picker. */
export const samples = {
  page: join(folder, 'page.jpg'),
  portrait: join(folder, 'astronaut.png'),
  speech: join(folder, 'speech.flac'),
  text: join(folder, 'README.md'),
};
