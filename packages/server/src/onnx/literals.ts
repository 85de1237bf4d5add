/** Neither seen nor harmless in source code: controls, directions of writing, line and paragraph separators, halves of pairs. */
export const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Co}]/gu;
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

/** A text as a string of JSON and YAML, in which every character can be seen. */
const json = (text: string): string =>
  JSON.stringify(text).replaceAll(unseen, (character) =>
    [...Array(character.length).keys()]
      .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`)
      .join(''),
  );
