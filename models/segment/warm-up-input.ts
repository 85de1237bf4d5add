import { SegmentParams, type segment } from '@portico/schemas';
import { sharp } from '@portico/media';
import type { ModelInput } from '@portico/server/model';

/** A grey picture, cut out: everything runs, whatever is on it. */
export async function warmUpInput(): Promise<ModelInput<typeof segment>> {
  const data = await sharp({ create: { width: 320, height: 240, channels: 3, background: '#777' } })
    .png()
    .toBuffer();
  return { file: { data, mediaType: 'image/png' }, params: SegmentParams.parse({ output: 'cutout' }) };
}
