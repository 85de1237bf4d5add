import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { CommandError, CommandLineError } from '../command.ts';
import type { GeneratedModel } from './preset.ts';
import type { CodeValue } from './quote.ts';

const mediaTypes: Readonly<Record<string, string>> = {
  '.avif': 'image/avif',
  '.flac': 'audio/flac',
  '.gif': 'image/gif',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.mp3': 'audio/mpeg',
  '.ogg': 'audio/ogg',
  '.opus': 'audio/ogg',
  '.png': 'image/png',
  '.tif': 'image/tiff',
  '.tiff': 'image/tiff',
  '.wav': 'audio/wav',
  '.webp': 'image/webp',
};

/** The model with a sample of the user's in place of the generated one. */
export async function withSample(generated: GeneratedModel, path: string | undefined): Promise<GeneratedModel> {
  if (path === undefined) return generated;
  const content = await readFile(path).catch((error: unknown) => {
    throw new CommandError(
      `--sample: ${path} cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
    );
  });
  if ('input' in generated.sample) return { ...generated, sample: { input: parsed(content, path) } };
  const ending = extname(path).toLowerCase();
  const file = `sample${/^\.\w+$/.test(ending) ? ending : ''}`;
  const { [generated.sample.file]: _replaced, ...assets } = generated.assets ?? {};
  return {
    ...generated,
    assets: { ...assets, [file]: content },
    sample: { file, mediaType: mediaTypes[ending] ?? generated.sample.mediaType },
  };
}

/** The first row of a user's sample for a table, `{ "rows": [{ … }] }`; undefined where there is none. */
export async function firstRow(path: string | undefined): Promise<Readonly<Record<string, CodeValue>> | undefined> {
  if (path === undefined) return undefined;
  const content = await readFile(path).catch(() => undefined);
  const sample = content === undefined ? undefined : (parsed(content, path) as { readonly rows?: readonly unknown[] });
  const row = sample?.rows?.[0];
  if (typeof row === 'object' && row !== null) return row as Readonly<Record<string, CodeValue>>;
  throw new CommandLineError(
    `--sample: ${basename(path)} has no rows. Write {"rows": [{ … }]}, a value for each column.`,
  );
}

function parsed(content: Buffer, path: string): CodeValue {
  try {
    return JSON.parse(content.toString()) as CodeValue;
  } catch {
    throw new CommandLineError(`--sample: ${basename(path)} is no JSON, which the task accepts.`);
  }
}
