import { type DragEventHandler, useState } from 'react';

interface FileDropOptions {
  /** What a person calls the file. */
  readonly noun: string;
  readonly onFile: (file: Blob) => void;
  /** What is dropped cannot be taken, or not all of it: why, in words. */
  readonly onProblem: (problem: string) => void;
}

interface FileDrop {
  /** Something is held over the place. */
  readonly dragging: boolean;
  /** Of the element that files are dropped on. */
  readonly handlers: {
    readonly onDragOver: DragEventHandler;
    readonly onDragLeave: DragEventHandler;
    readonly onDrop: DragEventHandler;
  };
}

/** Takes a file that is dropped on an element. */
export function useFileDrop({ noun, onFile, onProblem }: FileDropOptions): FileDrop {
  const [dragging, setDragging] = useState(false);
  return {
    dragging,
    handlers: {
      onDragOver(event) {
        event.preventDefault();
        setDragging(true);
      },
      onDragLeave({ currentTarget, relatedTarget }) {
        if (!currentTarget.contains(relatedTarget as Node | null)) setDragging(false);
      },
      onDrop(event) {
        event.preventDefault();
        setDragging(false);
        const { files, items } = event.dataTransfer;
        const [file] = files;
        if (file === undefined) return;
        // A browser passes a folder on as a file that cannot be read.
        if (items[0]?.webkitGetAsEntry()?.isDirectory === true) {
          onProblem(`${file.name} is a folder. Drop a ${noun}.`);
          return;
        }
        onFile(file);
        if (files.length > 1) onProblem(`${files.length} files were dropped. Only ${file.name} is used.`);
      },
    },
  };
}
