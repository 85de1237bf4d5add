import { createPortico, isPorticoError } from '@portico/sdk';
import { fileTypeTask } from './fileType/contract.ts';

// Any program in TypeScript can do the same: it needs @portico/sdk and the contract.
const portico = createPortico({
  url: process.env['PORTICO_URL'] ?? 'http://localhost:8000',
  tasks: { fileType: fileTypeTask },
});
const input = process.argv[2] ?? 'samples/program.py';

try {
  const { label, description, score } = await portico.fileType(input, { mode: 'medium-confidence' });
  console.log(`${input}: ${label}, ${description} (${score.toFixed(3)})`);
} catch (error) {
  if (!isPorticoError(error)) throw error;
  console.error(`${error.code}: ${error.message}`);
  process.exitCode = 1;
}
