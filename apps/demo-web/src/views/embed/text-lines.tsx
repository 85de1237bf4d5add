import { type ClipboardEvent, type KeyboardEvent, useLayoutEffect, useRef } from 'react';
import { Button } from '../../controls/button.tsx';
import { Icon } from '../../controls/icon.tsx';
import styles from './text-lines.module.css';

interface TextLinesProps {
  readonly texts: readonly string[];
  readonly onChange: (texts: readonly string[]) => void;
}

/** Texts, a line each, to edit, add and remove. Enter begins another; several pasted lines become several texts. */
export function TextLines({ texts, onChange }: TextLinesProps) {
  const list = useRef<HTMLOListElement>(null);
  /** Of which line the field gets the focus once it is there. */
  const toFocus = useRef<number>(undefined);
  useLayoutEffect(() => {
    if (toFocus.current === undefined) return;
    list.current?.querySelectorAll('textarea')[toFocus.current]?.focus();
    toFocus.current = undefined;
  });

  const replace = (index: number, removed: number, added: readonly string[], focus?: number): void => {
    toFocus.current = focus;
    onChange(texts.toSpliced(index, removed, ...added));
  };
  const onKeyDown = (event: KeyboardEvent, index: number): void => {
    if (event.key !== 'Enter' || event.shiftKey || event.ctrlKey || event.metaKey || event.nativeEvent.isComposing)
      return;
    event.preventDefault();
    replace(index + 1, 0, [''], index + 1);
  };
  const onPaste = (event: ClipboardEvent, index: number): void => {
    const lines = event.clipboardData
      .getData('text')
      .split(/\r?\n/)
      .filter((line) => line.trim() !== '');
    if (lines.length < 2) return;
    event.preventDefault();
    const kept = texts[index]!.trim() === '' ? [] : [texts[index]!];
    replace(index, 1, [...kept, ...lines], index + kept.length + lines.length - 1);
  };
  return (
    <div role="group" aria-label="Texts" className={styles.texts}>
      <ol ref={list} className={styles.list}>
        {texts.map((text, index) => (
          <li key={index} className={styles.line}>
            <span className={styles.number} aria-hidden="true">
              {index + 1}
            </span>
            <textarea
              rows={1}
              className={styles.field}
              aria-label={`Text ${index + 1}`}
              value={text}
              onChange={({ target }) => replace(index, 1, [target.value])}
              onKeyDown={(event) => onKeyDown(event, index)}
              onPaste={(event) => onPaste(event, index)}
            />
            <Button
              look="quiet"
              square
              aria-label={`Remove text ${index + 1}`}
              disabled={texts.length === 1}
              onClick={() => replace(index, 1, [], Math.min(index, texts.length - 2))}
            >
              <Icon name="close" />
            </Button>
          </li>
        ))}
      </ol>
      <Button look="quiet" className={styles.add} onClick={() => replace(texts.length, 0, [''], texts.length)}>
        <Icon name="add" />
        Add a text
      </Button>
    </div>
  );
}
