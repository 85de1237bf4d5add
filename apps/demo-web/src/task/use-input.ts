import { useCallback, useEffect, useRef, useState } from 'react';
import type { Input, Sample } from '../views/view.ts';

/** The input on the screen, and what puts another one in its place. */
export interface InputState {
  readonly input: Input | undefined;
  readonly takeFile: (blob: Blob) => Input;
  readonly takeValue: (value: unknown) => Input;
  /** Undefined if another input has come, or the page is left, before the sample was there. */
  readonly takeSample: (sample: Sample) => Promise<Input | undefined>;
}

/** Holds one input and the object URL of its file. */
export function useInput(initial?: Input): InputState {
  const [input, setInput] = useState(initial);
  const objectUrl = useRef<string>(undefined);
  /** Counts the inputs, so that a late one does not replace a newer one. */
  const turn = useRef(0);

  const revoke = useCallback(() => {
    if (objectUrl.current !== undefined) URL.revokeObjectURL(objectUrl.current);
    objectUrl.current = undefined;
  }, []);
  useEffect(
    () => () => {
      turn.current += 1;
      revoke();
    },
    [revoke],
  );

  const take = (next: Input): Input => {
    turn.current += 1;
    revoke();
    if (next.kind === 'file') objectUrl.current = next.url;
    setInput(next);
    return next;
  };
  const takeFile = (blob: Blob): Input =>
    take({ kind: 'file', blob, name: nameOf(blob), url: URL.createObjectURL(blob) });
  const takeValue = (value: unknown): Input => take({ kind: 'json', value });

  return {
    input,
    takeFile,
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
