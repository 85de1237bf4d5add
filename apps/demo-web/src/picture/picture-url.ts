/** A text that is a picture to look at. SVG is none: a few lines of it can keep a browser busy for minutes. */
export const isPicture = (value: unknown): value is string =>
  typeof value === 'string' && /^data:image\/(png|jpeg|webp|gif|avif|bmp)[;,]/i.test(value);
