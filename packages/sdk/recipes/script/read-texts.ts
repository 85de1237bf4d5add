import { createPortico } from '@portico/sdk';

const portico = createPortico({ url: process.env.PORTICO_URL ?? 'http://localhost:8000' });
const paths = process.argv.slice(2);

const results = await portico.ocr.batch(paths, { minConfidence: 0.6 }, { concurrency: 4, timeoutMs: 60_000 });

for (const [index, result] of results.entries()) {
  if (result.ok) console.log(`${paths[index]}: ${result.value.lines.length} lines\n${result.value.text}`);
  else console.error(`${paths[index]}: ${result.error.code}: ${result.error.message}`);
}
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;
