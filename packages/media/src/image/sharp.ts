import sharp, { type Metadata, type Sharp } from 'sharp';

/** The formats that may be decoded, each with libvips' loader for it. Every other loader is blocked, SVG and PDF included. */
const loaders = {
  jpeg: 'VipsForeignLoadJpeg',
  png: 'VipsForeignLoadPng',
  webp: 'VipsForeignLoadWebp',
  tiff: 'VipsForeignLoadTiff',
  gif: 'VipsForeignLoadNsgif',
  heif: 'VipsForeignLoadHeif',
};

sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: Object.values(loaders) });

// No two requests share an operation, so a cache would only hold memory.
sharp.cache(false);
// Replicas fill the cores; threads of sharp's own would compete with them.
sharp.concurrency(1);

/** Whether images of this format may be decoded; `format` and `compression` are sharp's. AVIF is the only HEIF that may. */
export const isReadableFormat = (format: string, compression?: string): boolean =>
  format === 'heif' ? compression === 'av1' : Object.hasOwn(loaders, format);

/** Whether black and white of the samples are known: floating-point samples say so only in some colour spaces. */
export const hasKnownRange = ({ depth, space }: Pick<Metadata, 'depth' | 'space'>): boolean =>
  ['uchar', 'ushort', 'char', 'short'].includes(depth) || (depth === 'float' && ['scrgb', 'lab'].includes(space));

/**
 * [sharp](https://sharp.pixelplumbing.com), set up to decode untrusted files: it reads JPEG, PNG, WebP, TIFF, GIF and AVIF only,
 * caches nothing and runs on one thread. The setup holds for the whole process, so import sharp from here only.
 */
export { sharp, type Sharp };
