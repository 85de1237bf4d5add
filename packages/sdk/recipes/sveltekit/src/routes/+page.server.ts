import { isPorticoError } from '@portico/sdk';
import { fail } from '@sveltejs/kit';
import { portico } from '$lib/server/portico';
import type { Actions, PageServerLoad } from './$types';

/** An error here replaces the whole page: without the models, the rest is still shown. */
export const load: PageServerLoad = async () => {
  try {
    const { models } = await portico.models({ timeoutMs: 5_000 });
    return { served: models.map(({ name }) => name).join(', ') };
  } catch (error) {
    if (!isPorticoError(error)) throw error;
    console.error(error);
    return { served: 'nothing at the moment' };
  }
};

export const actions: Actions = {
  read: async ({ request }) => {
    const picture = (await request.formData()).get('picture');
    if (!(picture instanceof File)) return fail(400, { problem: 'Choose a picture.' });
    try {
      const { lines } = await portico.ocr(picture, {}, { signal: request.signal });
      return { lines: lines.map(({ text }) => text) };
    } catch (error) {
      if (!isPorticoError(error)) throw error;
      return fail(error.status ?? 502, { problem: error.message });
    }
  },
};
