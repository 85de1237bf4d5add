/** What a comment shows of one text from a file, in characters. */
const maxCommentCharacters = 200;

/** Neither seen nor harmless in source code: controls, directions of writing, line and paragraph separators, halves of pairs. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Co}]/gu;
const identifier = /^[A-Za-z_$][\w$]*$/;

/** A value as it is written in generated code. */
export type CodeValue =
  | string
  | number
  | boolean
  | null
  | readonly CodeValue[]
  | { readonly [name: string]: CodeValue | undefined };

/** A value as a TypeScript literal. Every text of a file that goes into code goes through here. Properties that are undefined are left out. */
export function code(value: CodeValue): string {
  if (typeof value === 'string') return json(value);
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `[${(value as readonly CodeValue[]).map(code).join(', ')}]`;
  const members = Object.entries(value).flatMap(([name, member]) =>
    member === undefined ? [] : [`${key(name)}: ${code(member)}`],
  );
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

/** A name as the key of an object literal or a type. */
export function key(name: string): string {
  // As a plain key it would set the prototype.
  if (name === '__proto__') return "['__proto__']";
  return identifier.test(name) ? name : code(name);
}

/** A property of an object: `.name`, or `["other name"]`. */
export const member = (name: string): string => (identifier.test(name) ? `.${name}` : `[${code(name)}]`);

/** A text as one line within a comment, which it neither ends nor turns into a directive for a compiler or linter. */
export function comment(text: string): string {
  const line = oneLine(text)
    .replaceAll('*/', '* /')
    .replaceAll('/*', '/ *')
    .replaceAll(/@(?=\w)/g, '(at)')
    .replaceAll(/\b(eslint|oxlint|oxfmt|prettier|biome|istanbul|v8|c8|webpack|vite)(?=[-\s:@])/gi, '$1.')
    .replaceAll(/#(?=\s*source)/gi, '');
  return shortened(line);
}

/** A text as plain words in Markdown, on one line: no markup, no HTML, no link. */
export const markdown = (text: string): string =>
  shortened(oneLine(text)).replaceAll(/[\\`*[\]<>|&~#!$]|(?<!\w)_|_(?!\w)/g, String.raw`\$&`);

/** A text as code within a line of Markdown, in a table too. */
export function markdownCode(text: string): string {
  const line = shortened(oneLine(text)).replaceAll('|', '\\|');
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${line}${fence}` : `${fence} ${line} ${fence}`;
}

/** A text as a string of JSON and YAML, in which every character can be seen. */
const json = (text: string): string =>
  JSON.stringify(text).replaceAll(unseen, (character) =>
    [...Array(character.length).keys()]
      .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`)
      .join(''),
  );

/** A text on one line of a terminal, which nothing in it controls. */
export const oneLine = (text: string): string => text.replaceAll(unseen, ' ').replaceAll(/\s+/g, ' ').trim();

const shortened = (line: string): string =>
  line.length > maxCommentCharacters ? `${line.slice(0, maxCommentCharacters).replace(/[\uD800-\uDBFF]$/, '')}…` : line;
