import { readFile } from 'node:fs/promises';
import process from 'node:process';
import { createPortico } from '@portico/sdk';
import { runEverything } from './portable.ts';

const [, , url = '', key = '', samples = ''] = process.argv;
const sample = (name: string): Promise<Uint8Array> => readFile(`${samples}/${name}`);
const place = {
  url,
  key,
  page: await sample('page.jpg'),
  portrait: await sample('astronaut.png'),
  speech: await sample('speech.flac'),
};
const portico = createPortico({ url, headers: { authorization: `Bearer ${key}` } });
const { faces } = await portico.faces(`${samples}/astronaut.png`);
process.stdout.write(JSON.stringify({ ...(await runEverything(place)), path: faces.length }));
