import { encodeForm } from '#encode-form';
import { formOf } from './form.ts';
import { toFormFile } from './to-form-file.ts';

/** A form as it is sent. */
export interface Upload {
  readonly body: FormData | Uint8Array<ArrayBuffer>;
  /** What `fetch` does not say of the body by itself. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The upload that asks a file task, good for every try. Throws BAD_INPUT when the input is no file or cannot be read. */
export async function uploadOf(input: unknown, params: object, signal: AbortSignal): Promise<Upload> {
  return encodeForm(formOf(await toFormFile(input, signal), params));
}
