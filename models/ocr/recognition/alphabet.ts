import { readFile } from 'node:fs/promises';

/** The text of each class of the recognition model; class 0 is CTC's blank and has none. */
export type Alphabet = readonly string[];

/** Reads PaddleOCR's dictionary, one character a line. The model adds the blank before and the space after them. */
export const loadAlphabet = async (path: string): Promise<Alphabet> => parseAlphabet(await readFile(path, 'utf8'));

export const parseAlphabet = (dictionary: string): Alphabet => [
  '',
  ...dictionary.replace(/\r?\n$/, '').split(/\r?\n/),
  ' ',
];
