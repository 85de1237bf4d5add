import { createPortico, isPorticoError } from '@portico/sdk';
import { digitsTask } from './digits/contract.ts';

// Any program in TypeScript can do the same: it needs @portico/sdk and the contract.
const portico = createPortico({
  url: process.env['PORTICO_URL'] ?? 'http://localhost:8000',
  tasks: { digits: digitsTask },
});
const input = process.argv[2] ?? 'digits/sample.png';

try {
  const { digit, confidence } = await portico.digits(input, { invert: false });
  console.log(`${input}: ${digit} (${confidence.toFixed(4)})`);
} catch (error) {
  if (!isPorticoError(error)) throw error;
  console.error(`${error.code}: ${error.message}`);
  process.exitCode = 1;
}
