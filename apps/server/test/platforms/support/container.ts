import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ServerProcess, startServer } from '../../harness/server-process.ts';

const root = join(import.meta.dirname, '../../../../..');
const main = join(root, 'apps/server/dist/main.js');
const isRoot = process.getuid?.() === 0;

/** What the image sets, in its last stage. */
const [, imageVariables = ''] =
  /^ENV (.+)$/m.exec(
    readFileSync(join(root, 'Dockerfile'), 'utf8')
      .split(/^FROM /m)
      .at(-1) ?? '',
  ) ?? [];

export interface ContainerOptions {
  /** After the name of the image, as in `docker run`. */
  readonly words?: readonly string[];
  /** A folder that SageMaker would put at `/opt/ml/model`. Takes root. */
  readonly sageMakerModel?: string;
}

/**
 * The process of a container: the arguments and the environment of the image, those of the platform, the user of the image if
 * this test may change users, and nothing else of what surrounds the test.
 */
export async function startContainer(
  environment: Readonly<Record<string, string>>,
  { words = ['serve'], sageMakerModel }: ContainerOptions = {},
): Promise<ServerProcess> {
  const home = mkdtempSync(join(tmpdir(), 'container-'));
  const variables = Object.entries({ PATH: process.env['PATH'] ?? '', HOME: '/home/node', ...environment });
  const set = [...imageVariables.split(' '), ...variables.map(([name, value]) => `${name}=${value}`)];
  const asUser = isRoot ? 'setpriv --reuid 1000 --regid 1000 --clear-groups' : '';
  const mount = `mount -t tmpfs none /opt && mkdir -p /opt/ml && cp -r ${quoted(sageMakerModel ?? '')} /opt/ml/model &&`;
  const script = `${sageMakerModel === undefined ? '' : mount} cd ${quoted(home)} && exec ${asUser} env -i ${set.map(quoted).join(' ')} "$@" ${words.join(' ')}`;
  const shell = ['sh', '-c', script, 'sh'];
  const server = await startServer(
    environment,
    sageMakerModel === undefined ? shell : ['unshare', '--mount', ...shell],
    main,
  );
  return {
    ...server,
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      rmSync(home, { recursive: true });
    },
  };
}

const quoted = (word: string): string => `'${word.replaceAll("'", String.raw`'\''`)}'`;

/** Stops a container as a platform does; its exit code, or the signal that ended it. */
export async function stopContainer({ child }: ServerProcess, killAfterMs: number): Promise<number | string> {
  const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
  child.kill('SIGTERM');
  const kill = new AbortController();
  const killed = sleep(killAfterMs, undefined, { signal: kill.signal }).then(
    () => child.kill('SIGKILL'),
    () => false,
  );
  const [code, signal] = await ended;
  kill.abort();
  await killed;
  return code ?? signal ?? 'nothing';
}

export const canMountModels = isRoot;
export const page = (name: string): string => readFileSync(join(root, 'docs/platforms', `${name}.md`), 'utf8');
export const sample = (name: string): Buffer => readFileSync(join(root, 'samples', name));
export const repositoryRoot = root;
