import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const cache = fileURLToPath(new URL('../../../../../node_modules/.cache/portico-interop', import.meta.url));
const installMs = 240_000;

/** The folder of modules with exactly these packages, installed once. */
export async function npmTools(packages: readonly string[]): Promise<string> {
  const key = createHash('sha256').update(packages.join(' ')).digest('hex').slice(0, 16);
  const folder = join(cache, `npm-${key}`);
  const modules = join(folder, 'node_modules');
  // Written last: what was interrupted is begun again.
  const complete = join(folder, 'complete');
  if (existsSync(complete)) return modules;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const words = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', folder, ...packages];
  await promisify(execFile)('npm', words, { timeout: installMs });
  writeFileSync(complete, '');
  return modules;
}
