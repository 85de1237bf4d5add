import { join } from 'node:path';
import { installProject, type Project } from './project.ts';

const platform = process.platform === 'win32' ? 'win' : process.platform;
const packageName = `node-${platform}-${process.arch}`;

/** A newer Node, from the npm package that carries it. */
export interface OtherNode extends AsyncDisposable {
  readonly path: string;
}

/** Installs the newest Node of a major version in a folder of its own. */
export async function installNode(major: number): Promise<OtherNode> {
  const project: Project = await installProject({ [packageName]: String(major) });
  return {
    path: join(project.folder, 'node_modules', packageName, platform === 'win' ? 'bin/node.exe' : 'bin/node'),
    [Symbol.asyncDispose]: () => project[Symbol.asyncDispose](),
  };
}
