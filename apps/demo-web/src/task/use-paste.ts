import { useEffect, useEffectEvent } from 'react';

/** Takes a file that is pasted anywhere on the page. */
export function usePaste(onFile: (file: Blob) => void): void {
  const onPaste = useEffectEvent((event: ClipboardEvent): void => {
    const file = event.clipboardData?.files[0];
    if (file !== undefined) onFile(file);
  });
  useEffect(() => {
    document.addEventListener('paste', onPaste);
    return () => document.removeEventListener('paste', onPaste);
  }, []);
}
