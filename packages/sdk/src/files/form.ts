import type { FormFile } from './to-form-file.ts';

/** The form that asks a file task. */
export function formOf({ blob, name }: FormFile, params: object): FormData {
  const form = new FormData();
  for (const [key, value] of Object.entries(params) as [string, unknown][]) {
    // A list is its items under one name each.
    for (const item of Array.isArray(value) ? value : [value]) if (item !== undefined) form.append(key, textOf(item));
  }
  form.append('file', blob, name);
  return form;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
