import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// Magika's weights are published in its Python package; the engine verifies their checksums.
const magika = 'magika==1.0.3';
const files = [
  'magika/models/standard_v3_3/model.onnx',
  'magika/models/standard_v3_3/config.min.json',
  'magika/config/content_types_kb.min.json',
];
const weights = join(import.meta.dirname, 'fileType/weights');

const folder = mkdtempSync(join(tmpdir(), 'magika-'));
const python = (...words: string[]): void => void execFileSync('python3', words, { cwd: folder, stdio: 'inherit' });
try {
  python('-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary', ':all:', '--dest', '.', magika);
  const [wheel = ''] = readdirSync(folder);
  python('-m', 'zipfile', '-e', wheel, 'unpacked');
  mkdirSync(weights, { recursive: true });
  for (const file of files) cpSync(join(folder, 'unpacked', file), join(weights, file.split('/').at(-1) ?? ''));
  console.log(`The weights are in ${weights}.`);
} finally {
  rmSync(folder, { recursive: true });
}
