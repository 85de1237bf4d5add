import sharp, { type Metadata, type Sharp } from 'sharp';

/** The formats that sharp may read, each with the libvips loader behind it. Everything else, SVG and PDF included, is blocked. */
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
// Replicas fill the cores; threads of their own would make them compete.
sharp.concurrency(1);

/** Whether images of this format may be decoded; `format` and `compression` are sharp's. Of HEIF only AVIF is. */
export const isReadableFormat = (format: string, compression?: string): boolean =>
  format === 'heif' ? compression === 'av1' : Object.hasOwn(loaders, format);

/** Whether black and white of the samples are known: of floating point only where the colour space defines them. */
export const hasKnownRange = ({ depth, space }: Pick<Metadata, 'depth' | 'space'>): boolean =>
  ['uchar', 'ushort', 'char', 'short'].includes(depth) || (depth === 'float' && ['scrgb', 'lab'].includes(space));

/** Sharp, set up for one decode at a time of untrusted files. Import it from here only. */
export { sharp, type Sharp };
