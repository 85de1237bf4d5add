/** Width and height in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

export const formatSize = (size: Size | undefined): string =>
  size === undefined ? 'none' : `${size.width} × ${size.height}`;
