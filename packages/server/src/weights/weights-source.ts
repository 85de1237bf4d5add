import { redactUrl } from './redact-url.ts';
import type { FoundWeightsFile } from './weights-file.ts';

/** Where a file comes from, in words that hold no secret: `npm:package/path`, `file:path` or a URL. */
export function weightsSource(file: FoundWeightsFile): string {
  if (file.kind === 'download') return redactUrl(file.url);
  return file.kind === 'npm' ? `npm:${file.package}/${file.path}` : `file:${file.path}`;
}
