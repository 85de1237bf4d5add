/** Full-width forms of the ASCII characters ! to ~, U+FF01 to U+FF5E, and the ideographic space. */
const fullWidth = /[\uFF01-\uFF5E\u3000]/g;

/** Full-width forms stand this far behind their ASCII characters (Unicode, Halfwidth and Fullwidth Forms). */
const distance = 0xfe_e0;

/** Writes full-width ASCII and the ideographic space in half width; everything else stays, as kana and 。、 do. */
export const halfWidth = (text: string): string =>
  text.replace(fullWidth, (character) =>
    character === '\u3000' ? ' ' : String.fromCharCode(character.charCodeAt(0) - distance),
  );
