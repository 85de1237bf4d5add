import { readFile, writeFile } from 'node:fs/promises';
import { convert } from './convert.ts';

const [from, to] = process.argv.slice(2);
if (from === undefined || to === undefined) {
  process.stderr.write('Usage: node dist/tools/tflite-to-onnx/src/main.js IN.tflite OUT.onnx\n');
  process.exitCode = 2;
} else {
  await writeFile(to, convert(await readFile(from)));
}
