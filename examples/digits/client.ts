import { createPortico, isPorticoError } from '@portico/sdk';
import type { digitsTask } from './digits/contract.ts';

// Any program in TypeScript can do the same: it needs @portico/sdk and the type of the contract.
const portico = createPortico<{ digits: typeof digitsTask }>({
  url: process.env['PORTICO_URL'] ?? 'http://localhost:8000',
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
