/** How a line of text looks; sizes are in pixels. */
export interface TextStyle {
  readonly family: string;
  readonly size: number;
  readonly bold?: boolean;
  readonly italic?: boolean;
  readonly color?: string;
  /** Additional pixels between characters. */
  readonly spacing?: number;
}

/** One piece of a line and its position. */
export interface Cell {
  readonly text: string;
  readonly x: number;
  readonly align?: 'left' | 'middle' | 'right';
  readonly style?: Partial<TextStyle>;
}

/** Something drawn together with the text it shows: each line is written down as it is drawn, in reading order. */
export class Sheet {
  readonly width: number;
  readonly height: number;
  readonly background: string;
  readonly lines: string[] = [];
  readonly #shapes: string[] = [];

  constructor(width: number, height: number, background = '#ffffff') {
    this.width = width;
    this.height = height;
    this.background = background;
  }

  /** One line of text from pieces, left to right; `y` is its baseline. */
  line(y: number, cells: readonly Cell[], style: TextStyle): this {
    this.lines.push(cells.map(({ text }) => text).join(' '));
    for (const cell of cells) this.#shapes.push(textElement(y, cell, { ...style, ...cell.style }));
    return this;
  }

  /** Lines of text below each other, `leading` pixels apart. */
  paragraph(x: number, y: number, texts: readonly string[], style: TextStyle, leading = style.size * 1.5): this {
    for (const [row, text] of texts.entries()) this.line(y + row * leading, [{ text, x }], style);
    return this;
  }

  /** Any SVG without text. */
  shape(svg: string): this {
    this.#shapes.push(svg);
    return this;
  }

  rule(x1: number, y1: number, x2: number, y2: number, color = '#333333', width = 1): this {
    return this.shape(`<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${color}" stroke-width="${width}"/>`);
  }

  box(x: number, y: number, width: number, height: number, attributes: string): this {
    return this.shape(`<rect x="${x}" y="${y}" width="${width}" height="${height}" ${attributes}/>`);
  }

  /** The drawing at so many pixels for each of its own. */
  svg(scale = 1): string {
    const size = `width="${this.width * scale}" height="${this.height * scale}"`;
    const ground = `<rect width="100%" height="100%" fill="${this.background}"/>`;
    const box = `viewBox="0 0 ${this.width} ${this.height}"`;
    return `<svg xmlns="http://www.w3.org/2000/svg" ${size} ${box}>${ground}${this.#shapes.join('')}</svg>`;
  }
}

const anchors = { left: 'start', middle: 'middle', right: 'end' } as const;

function textElement(y: number, { text, x, align = 'left' }: Cell, style: TextStyle): string {
  const { family, size, bold = false, italic = false, color = '#1a1a1a', spacing = 0 } = style;
  const font = `font-family="${family}" font-size="${size}" font-weight="${bold ? 700 : 400}"`;
  const more = `font-style="${italic ? 'italic' : 'normal'}" letter-spacing="${spacing}" text-anchor="${anchors[align]}"`;
  return `<text x="${x}" y="${y}" ${font} ${more} fill="${color}">${escapeMarkup(text)}</text>`;
}

/** Text as the content of an XML element. */
const escapeMarkup = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
