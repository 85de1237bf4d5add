import { redactUrl } from './redact-url.ts';
import type { FoundWeightsFile } from './weights-file.ts';

/** Where a file comes from, in words that hold no secret: `npm:package/path`, `file:path` or a URL. */
export function weightsSource(file: FoundWeightsFile): string {
  switch (file.kind) {
    case 'npm':
      return `npm:${file.package}/${file.path}`;
    case 'local':
      return `file:${file.path}`;
    case 'download':
      return redactUrl(file.url);
  }
}
