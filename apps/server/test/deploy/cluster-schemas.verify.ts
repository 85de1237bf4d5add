import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { explainSkip } from '../harness/measured.ts';
import { findKubectl, render } from './support/kubectl.ts';
import { deployFolder, kustomizedFolders } from './support/manifests.ts';

// The judge is what an API server uses: Kubernetes' own schemas with unknown fields refused, and the definitions that KServe and KEDA
// install in a cluster, out of their Go modules.

const validator = 'sigs.k8s.io/kubectl-validate@v0.0.4';
/** The oldest that the manifests are for. The types in `strict-schema.ts` are those of 1.34. */
const kubernetesVersion = '1.30';
const definitions = [
  { module: 'github.com/kserve/kserve@v0.17.0', folder: 'config/crd/full' },
  { module: 'github.com/kedacore/keda/v2@v2.19.0', folder: 'config/crd/bases' },
];
const cache = fileURLToPath(new URL('../../../../node_modules/.cache/portico-kubectl-validate', import.meta.url));
const installMs = 600_000;
const run = promisify(execFile);

interface Tools {
  readonly kubectl: string;
  readonly validate: string;
  /** Folders of definitions. */
  readonly folders: readonly string[];
}

async function findTools(): Promise<Tools | { readonly missing: string }> {
  const found = await findKubectl();
  if ('missing' in found) return found;
  const validate = join(cache, 'kubectl-validate');
  try {
    const env = { ...process.env, GOBIN: cache };
    if (!existsSync(validate)) await run('go', ['install', validator], { env, timeout: installMs });
    const folders: string[] = [];
    for (const { module, folder } of definitions) {
      const { stdout } = await run('go', ['mod', 'download', '-json', module], { cwd: tmpdir(), timeout: installMs });
      folders.push(join((JSON.parse(stdout) as { Dir: string }).Dir, folder));
    }
    return { ...found, validate, folders };
  } catch (error) {
    return { missing: `there is no Go with ${validator}: ${(error as Error).message.split('\n', 1)[0]}` };
  }
}

const tools = await findTools();
if ('missing' in tools) {
  if (process.env['CI'] === 'true') throw new Error(tools.missing);
  explainSkip(tools.missing);
}

it.skipIf('missing' in tools)('Kubernetes, KServe and KEDA accept every manifest, and no mistake', async () => {
  if ('missing' in tools) return;
  const { kubectl, validate, folders } = tools;
  const place = mkdtempSync(join(tmpdir(), 'portico-manifests-'));
  onTestFinished(() => rmSync(place, { recursive: true }));
  const judge = async (name: string, text: string): Promise<string> => {
    const path = join(place, `${name}.yaml`);
    writeFileSync(path, text);
    const words = ['--version', kubernetesVersion, ...folders.flatMap((folder) => ['--local-crds', folder]), path];
    // It ends with 1 where it refuses one.
    const output = await run(validate, words).catch((error: { stdout: string; stderr: string }) => error);
    return output.stdout + output.stderr;
  };
  for (const folder of kustomizedFolders()) {
    const name = folder.replaceAll('/', '-');
    const text = await render(kubectl, join(deployFolder, folder));
    expect(await judge(name, text)).toMatch(/\.yaml\S*\.\.\.\S*OK\S*\s*$/);
    expect(await judge(`${name}-mistaken`, text.replace(/^spec:$/m, 'spec:\n  patience: 3'))).toMatch(
      /spec\.patience: /,
    );
  }
});
