/** Bytes in the output of a task. */
export interface ProducedBytes {
  readonly field: string;
  readonly mediaType: string;
  readonly dataUrl: string;
}

/** An output with more fields has no bytes that are looked for. */
const maxFields = 1_000;

const start = /^data:([a-z0-9][\w!#$&^.+-]{0,126}\/[a-z0-9][\w!#$&^.+-]{0,126});base64,/i;

/** The data URLs at the top of an output. */
export function producedIn(output: unknown): ProducedBytes[] {
  if (typeof output !== 'object' || output === null || Array.isArray(output)) return [];
  return Object.keys(output)
    .slice(0, maxFields)
    .flatMap((field) => {
      const value = (output as Readonly<Record<string, unknown>>)[field];
      const [, mediaType] = (typeof value === 'string' && start.exec(value)) || [];
      return mediaType === undefined ? [] : [{ field, mediaType: mediaType.toLowerCase(), dataUrl: value as string }];
    });
}

/** Empty if they cannot be read. */
export function bytesOf({ dataUrl, mediaType }: Omit<ProducedBytes, 'field'>): Blob {
  try {
    const text = atob(dataUrl.slice(dataUrl.indexOf(',') + 1));
    return new Blob([Uint8Array.from(text, (character) => character.charCodeAt(0))], { type: mediaType });
  } catch {
    return new Blob([], { type: mediaType });
  }
}

/** Endings that are not the second half of their media type. */
const endings: Readonly<Record<string, string>> = {
  'audio/mpeg': 'mp3',
  'image/jpeg': 'jpg',
  'text/plain': 'txt',
  'application/octet-stream': 'bin',
};

/** The name of a file with this media type. */
export const endingOf = (mediaType: string): string =>
  endings[mediaType] ?? /\/(?:x-)?([a-z0-9]{1,8})$/.exec(mediaType)?.[1] ?? 'bin';

/** What a person finds again among their files: letters and digits of the field. */
export const fileNameOf = ({ field, mediaType }: Omit<ProducedBytes, 'dataUrl'>): string =>
  `${/^\w{1,64}$/.exec(field)?.[0] ?? 'output'}.${endingOf(mediaType)}`;
