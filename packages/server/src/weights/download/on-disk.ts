import { DownloadFailure } from './download-failure.ts';

const full = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** Does something in the cache; what the disk refuses is told with what to do about it. */
export async function onDisk<Value>(folder: string, action: () => Promise<Value>): Promise<Value> {
  try {
    return await action();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new DownloadFailure(
      full.has(code)
        ? `There is no room left in ${folder} (${code}); MODEL_CACHE_DIR may name another folder.`
        : `The folder ${folder} cannot be written to (${code}); MODEL_CACHE_DIR may name another one.`,
    );
  }
}
