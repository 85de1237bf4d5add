import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { code, comment, key, markdown, markdownCode, member } from './quote.ts';

/** Texts that a file may hold as the name of a tensor, a label or metadata, to break out of what is generated. */
const hostile = [
  `'); process.exit(1); ('`,
  '"; import "node:fs"; "',
  '`${process.exit(1)}`',
  '*/ process.exit(1); /*',
  '// a comment\nprocess.exit(1)',
  'a\u2028process.exit(1)\u2029b',
  '\u202Etxet desrever\u202C',
  '</script><script>alert(1)</script>',
  'back\\',
  '\0\u0007\u001B[31m',
  '\uD800 half a pair',
  '__proto__',
  'constructor',
  '@ts-nocheck',
  'eslint-disable',
  '| a | cell |',
  '```\nrm -rf /\n```',
  '[link](javascript:alert(1))',
  '&colon; *b* _i_ ~s~ #1',
];

/** What JavaScript makes of an expression. */
const valueOf = (expression: string): unknown => runInNewContext(`'use strict'; (${expression});`) as unknown;

describe('What stands in code', () => {
  it.each(hostile)('has the value of the text, on one line in which all can be seen: %j', (text) => {
    expect(valueOf(code(text))).toBe(text);
    expect(code(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  });

  it.each(hostile)('is the name of a property, whatever it is: %j', (name) => {
    const object = valueOf(`{ ${key(name)}: 1 }`) as Record<string, unknown>;
    expect(Object.entries(object)).toEqual([[name, 1]]);
    expect(valueOf(`{ ${key(name)}: 1 }${member(name)}`)).toBe(1);
    expect(valueOf(code({ [name]: [name, { deep: name }] }))).toEqual({ [name]: [name, { deep: name }] });
  });

  it('is every value that JSON has, and what is undefined is left out', () => {
    const value = { a: [1, -0, 1e300, null, true], b: {}, c: undefined, 'd-e': [] };
    expect(code(value)).toBe('{ a: [1, -0, 1e+300, null, true], b: {}, "d-e": [] }');
  });
});

describe('What stands in a comment', () => {
  it.each(hostile)('does not end it and directs no tool: %j', (text) => {
    for (const source of [`/** ${comment(text)} */ 1`, `// ${comment(text)}\n1`])
      expect(runInNewContext(source)).toBe(1);
    expect(comment(text)).not.toMatch(/\*\/|@ts-|(?:eslint|oxlint)-|[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  });

  it('is cut where it is long', () => {
    expect(comment('a'.repeat(5_000)).length).toBeLessThan(250);
  });
});

describe('What stands in Markdown', () => {
  it.each(hostile)('is words on one line, without markup: %j', (text) => {
    expect(markdown(text)).not.toMatch(/\n|(?<!\\)[<`[\]|*]/);
  });

  it('keeps names as they are read', () => {
    expect(markdown('float32 image_size: 3 × 224, 0.5–1 (RGB)')).toBe('float32 image_size: 3 × 224, 0.5–1 (RGB)');
  });

  it('is code whose fence is longer than what it holds', () => {
    expect(markdownCode('a')).toBe('`a`');
    expect(markdownCode('a``b')).toBe('``` a``b ```');
    expect(markdownCode('a | b\nc')).toBe('`a \\| b c`');
  });
});
