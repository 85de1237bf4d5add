import { FacesParams, type faces } from '@portico/schemas';
import { sharp } from '@portico/media';
import type { ModelInput } from '@portico/server/model';

/** A grey picture with every candidate wanted: the one net runs whatever it is shown, and all its answers are decoded. */
export async function warmUpInput(): Promise<ModelInput<typeof faces>> {
  const data = await sharp({ create: { width: 320, height: 240, channels: 3, background: '#777' } })
    .png()
    .toBuffer();
  return { file: { data, mediaType: 'image/png' }, params: FacesParams.parse({ minConfidence: 0 }) };
}
