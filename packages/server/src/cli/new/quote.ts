import { unseen } from '../../onnx/literals.ts';

// What files say, as it may stand in code, comments, Markdown and on a terminal. Engines need the first too, for their messages.
export { code, type CodeValue, key, member } from '../../onnx/literals.ts';

/** What a comment shows of one text from a file, in characters. */
const maxCommentCharacters = 200;

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

/** Lines of a comment, each with its slashes. */
export const commentLines = (lines: readonly string[]): string => lines.map((line) => `// ${comment(line)}\n`).join('');

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

/** A text on one line of a terminal, which nothing in it controls. */
export const oneLine = (text: string): string => text.replaceAll(unseen, ' ').replaceAll(/\s+/g, ' ').trim();

const shortened = (line: string): string =>
  line.length > maxCommentCharacters ? `${line.slice(0, maxCommentCharacters).replace(/[\uD800-\uDBFF]$/, '')}…` : line;
