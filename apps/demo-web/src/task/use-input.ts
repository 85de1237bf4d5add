import { useCallback, useEffect, useRef, useState } from 'react';
import type { Input, InputFile, Sample } from '../views/view.ts';

/** The input on the screen, and what puts another one in its place. */
export interface InputState {
  readonly input: Input | undefined;
  readonly takeFile: (blob: Blob) => Input;
  /** The files of a form, as far as they are there. */
  readonly files: Files;
  /** Takes one file of a form. Undefined while others are not there. */
  readonly takePart: (part: string, blob: Blob) => Input | undefined;
  readonly takeValue: (value: unknown) => Input;
  /** Undefined if another input has come, or the page is left, before the sample was there. */
  readonly takeSample: (sample: Sample) => Promise<Input | undefined>;
}

/** Files by the names of their parts. */
type Files = Readonly<Record<string, InputFile>>;

/**
 * Holds one input and the object URLs of its files.
 *
 * @param parts the names of the files of a form.
 */
export function useInput(initial: Input | undefined, parts: readonly string[]): InputState {
  const [input, setInput] = useState(initial);
  const [files, setFiles] = useState<Files>({});
  /** Those of the latest render and of what has come since. */
  const latestFiles = useRef(files);
  const objectUrls = useRef(new Set<string>());
  /** Counts the inputs, so that a late one does not replace a newer one. */
  const turn = useRef(0);

  /** Revokes the object URLs of all other files. */
  const keepOnly = useCallback((kept: readonly InputFile[]) => {
    for (const url of objectUrls.current) {
      if (kept.some((file) => file.url === url)) continue;
      URL.revokeObjectURL(url);
      objectUrls.current.delete(url);
    }
  }, []);
  useEffect(
    () => () => {
      turn.current += 1;
      keepOnly([]);
    },
    [keepOnly],
  );

  const toFile = (blob: Blob): InputFile => {
    const url = URL.createObjectURL(blob);
    objectUrls.current.add(url);
    return { blob, name: nameOf(blob), url };
  };
  const take = <Next extends Input | undefined>(next: Next, kept: readonly InputFile[]): Next => {
    turn.current += 1;
    keepOnly(kept);
    setInput(next);
    return next;
  };
  const takeFile = (blob: Blob): Input => {
    const file = toFile(blob);
    return take({ kind: 'file', ...file }, [file]);
  };
  const takeValue = (value: unknown): Input => take({ kind: 'json', value }, []);

  return {
    input,
    files,
    takeFile,
    takePart(part, blob) {
      const next = { ...latestFiles.current, [part]: toFile(blob) };
      latestFiles.current = next;
      setFiles(next);
      const complete = parts.every((name) => next[name] !== undefined);
      return take(complete ? { kind: 'form', files: next } : undefined, Object.values(next));
    },
    takeValue,
    async takeSample({ name, url, value }) {
      if (url === undefined) return takeValue(value);
      const mine = (turn.current += 1);
      const response = await fetch(url);
      if (!response.ok)
        throw new Error(`The sample ${name} cannot be loaded: the page's server responded ${response.status}.`);
      const blob = await response.blob();
      return mine === turn.current ? takeFile(new File([blob], name, { type: blob.type })) : undefined;
    },
  };
}

/** What a file is called: one that comes from the clipboard or the camera has no name. */
const nameOf = (blob: Blob): string =>
  blob instanceof File && blob.name !== '' ? blob.name : `input.${blob.type.split('/')[1]?.split(';')[0] ?? 'bin'}`;
