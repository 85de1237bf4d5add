import type { Upload } from './upload.ts';

/** Browsers read a form's file while they send it. In Node `encode-form.node.ts` stands in the place of this module. */
export const encodeForm = async (form: FormData): Promise<Upload> => ({ body: form, headers: {} });
