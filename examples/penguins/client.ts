import { readFile } from 'node:fs/promises';
import type { Input } from '@portico/schemas';
import { createPortico, isPorticoError } from '@portico/sdk';
import { penguinsTask } from './penguins/contract.ts';

// Any program in TypeScript can do the same: it needs @portico/sdk and the contract.
const portico = createPortico({
  url: process.env['PORTICO_URL'] ?? 'http://localhost:8000',
  tasks: { penguins: penguinsTask },
});
const input = JSON.parse(await readFile(process.argv[2] ?? 'penguins/sample.json', 'utf8')) as Input<
  typeof penguinsTask
>['input'];

try {
  const { rows } = await portico.penguins(input);
  for (const { species, probabilities } of rows) console.log(`${species} (${probabilities[species].toFixed(4)})`);
} catch (error) {
  if (!isPorticoError(error)) throw error;
  console.error(`${error.code}: ${error.message}`);
  process.exitCode = 1;
}
