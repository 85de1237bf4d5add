import { parseCommand } from './command-line.ts';
import { evaluate, means, meansByCategory, type Score } from './evaluate.ts';
import { loadOcr } from './load-ocr.ts';
import { readBounds, readSet, UnusableInput } from './read-set.ts';
import { exceeded, formatReport } from './report.ts';

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UnusableInput)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

async function main(argv: readonly string[]): Promise<void> {
  const command = parseCommand(argv);
  const images = readSet(command.folder);
  const bounds = command.bounds ? readBounds(command.folder) : {};
  const read = await loadOcr();
  // The first run on a real image still allocates; it is not measured.
  await evaluate(images[0]!, read);
  const scores: Score[] = [];
  for (const image of images) scores.push(await evaluate(image, read));

  const report = { scores, categories: meansByCategory(scores), overall: means(scores) };
  const failures = exceeded(report.categories, bounds);
  const results = { images: scores, categories: report.categories, overall: report.overall, exceeded: failures };
  process.stdout.write(command.json ? `${JSON.stringify(results, null, 2)}\n` : formatReport(report));
  for (const failure of failures) process.stderr.write(`${failure}\n`);
  if (failures.length > 0) process.exitCode = 1;
}
