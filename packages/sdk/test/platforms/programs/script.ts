import { readFile } from 'node:fs/promises';
import process from 'node:process';
import { askEverything } from './portable.ts';

const [, , url = '', key = '', samples = ''] = process.argv;
const [page, speech] = await Promise.all(['page.jpg', 'speech.flac'].map((name) => readFile(`${samples}/${name}`)));
if (page === undefined || speech === undefined) throw new Error('There are no samples.');
process.stdout.write(JSON.stringify(await askEverything({ url, key, page, speech })));
