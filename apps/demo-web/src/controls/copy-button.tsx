'use client';

import { useEffect, useRef, useState } from 'react';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';

/** How long the button says what has come of it, in milliseconds. */
const saidMs = 2_000;

interface CopyButtonProps {
  /** What goes to the clipboard; a long text is made when it is copied. */
  readonly text: string | (() => string);
  /**
   * What the button says before it is used.
   * @default 'Copy'
   */
  readonly label?: string;
}

/** Copies a text and says that it has. */
export function CopyButton({ text, label = 'Copy' }: CopyButtonProps) {
  const [said, setSaid] = useState<'Copied' | 'Cannot copy'>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  const copy = async (): Promise<void> => {
    try {
      // A page without a secure origin has no clipboard.
      await navigator.clipboard.writeText(typeof text === 'string' ? text : text());
      setSaid('Copied');
    } catch {
      setSaid('Cannot copy');
    }
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setSaid(undefined), saidMs);
  };
  return (
    <>
      <Button look="quiet" onClick={() => void copy()}>
        <Icon name={said === 'Copied' ? 'check' : 'copy'} />
        {said ?? label}
      </Button>
      <span role="status" className="visually-hidden">
        {said}
      </span>
    </>
  );
}
