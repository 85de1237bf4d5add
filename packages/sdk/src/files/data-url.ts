import { bytesFromBase64 } from '@portico/api';
import { unusable } from './unusable-input.ts';

const dataUrl = /^data:([^,]*?)(;base64)?,(.*)$/is;

export const isDataUrl = (text: string): boolean => /^data:/i.test(text);

/** The bytes of a data URL (RFC 2397). Throws BAD_INPUT when it cannot be read. */
export function blobOfDataUrl(url: string): Blob {
  const [, type = '', base64, data = ''] = dataUrl.exec(url) ?? [];
  try {
    const text = decodeURIComponent(data);
    // Node passes over what is not base64.
    if (!dataUrl.test(url) || (base64 !== undefined && !/^[\w+/\s]*=*$/.test(text)))
      throw new Error('It is malformed.');
    const bytes = base64 === undefined ? new TextEncoder().encode(text) : bytesFromBase64(text);
    return new Blob([bytes as BlobPart], { type });
  } catch (cause) {
    throw unusable('The data URL cannot be read: it is like data:image/png;base64,iVBOR…', cause);
  }
}
