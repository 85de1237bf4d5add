/** The ideographs beyond U+FFFF that BERT takes for words of their own. */
const ideographs =
  /[\u{20000}-\u{2A6DF}\u{2A700}-\u{2B73F}\u{2B740}-\u{2B81F}\u{2B820}-\u{2CEAF}\u{2F800}-\u{2FA1F}]/gu;

/** How a tokenizer's file normalises text, as far as it matters here. */
export interface BertNormalizer {
  readonly lowercase: boolean;
  readonly handle_chinese_chars: boolean;
}

/**
 * Makes up for two differences between the library's normaliser and the one that models were trained with: that one lowers every
 * letter by itself, so no sigma becomes a final one, and separates all ideographs.
 */
export function bertText(text: string, { lowercase, handle_chinese_chars: separate }: BertNormalizer): string {
  const lowered = lowercase ? text.replaceAll('Σ', 'σ') : text;
  return separate ? lowered.replaceAll(ideographs, ' $& ') : lowered;
}
