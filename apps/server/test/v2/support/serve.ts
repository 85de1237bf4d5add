import { type ServerProcess, startServer } from '../../harness/server-process.ts';
import { repository } from './repository.ts';

/** The compiled server before a folder of ONNX files, which is gone with it, and no task. */
export async function serve(
  files: Readonly<Record<string, Uint8Array>>,
  environment: NodeJS.ProcessEnv = {},
): Promise<ServerProcess & { readonly folder: string }> {
  const folder = repository(files);
  const server = await startServer({ MODEL_NAME: '', MODEL_REPOSITORY: folder.path, ...environment });
  return {
    ...server,
    folder: folder.path,
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}
