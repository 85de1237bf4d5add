'use client';

import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';

/** How long a browser may take until it has begun to save what an object URL points to. */
const saveTimeoutMs = 10_000;

interface SaveButtonProps {
  /** What is saved; made when the button is used. */
  readonly blob: () => Blob;
  readonly name: string;
  readonly children: ReactNode;
}

/** Saves a file that the page has made. */
export function SaveButton({ blob, name, children }: SaveButtonProps) {
  const save = (): void => {
    const url = URL.createObjectURL(blob());
    const link = document.createElement('a');
    link.href = url;
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), saveTimeoutMs);
  };
  return (
    <Button look="quiet" onClick={save}>
      <Icon name="download" />
      {children}
    </Button>
  );
}

/** The name of a file without what comes after its last dot. */
export const stemOf = (name: string): string => name.replace(/(?<=.)\.[^.]*$/, '');
