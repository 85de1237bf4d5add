import type { TaskOutput, TaskParams } from '@portico/sdk';
import { useEffect, useRef, useState } from 'react';
import type { Input, ViewProps } from '../view.ts';
import styles from './embed-view.module.css';
import { Similarity } from './similarity.tsx';
import { TextLines } from './text-lines.tsx';

/** After a change of a text, how long until the texts are embedded again. */
const rerunDelayMs = 400;

type Embedded = TaskOutput<'embed'>;

/** Texts, and how close each pair is. */
export default function EmbedView({ input, output, running, setInput }: ViewProps<TaskParams<'embed'>, Embedded>) {
  const [draft, setDraft] = useState({ texts: textsOf(input), of: input });
  const [last, setLast] = useState<{ readonly texts: readonly string[]; readonly output: Embedded }>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  // Another input takes the place of what is typed, unless it is what was typed.
  if (draft.of !== input) {
    const texts = textsOf(input);
    setDraft({ texts: sameTexts(texts, filled(draft.texts)) ? draft.texts : texts, of: input });
  }
  // The matrix stays while the changed texts are embedded.
  if (output !== undefined && last?.output !== output) setLast({ texts: textsOf(input), output });
  useEffect(() => () => clearTimeout(timer.current), [input]);

  const edit = (texts: readonly string[]): void => {
    setDraft({ texts, of: input });
    clearTimeout(timer.current);
    const next = filled(texts);
    if (next.length === 0 || sameTexts(next, textsOf(input))) return;
    timer.current = setTimeout(() => setInput({ value: { texts: next } }), rerunDelayMs);
  };
  return (
    <div className={styles.view}>
      <TextLines texts={draft.texts} onChange={edit} />
      <div className={styles.result} data-stale={last !== undefined && (running || output === undefined)}>
        {last === undefined ? (
          <p className={styles.hint}>Run to see how similar the texts are.</p>
        ) : (
          <Similarity texts={last.texts} vectors={last.output.embeddings} />
        )}
      </div>
    </div>
  );
}

const textsOf = (input: Input): readonly string[] => {
  const { texts } = Object(input.kind === 'json' ? input.value : undefined) as { readonly texts?: unknown };
  return Array.isArray(texts) ? texts.map(String) : [''];
};

/** What is sent: lines with something in them. */
const filled = (texts: readonly string[]): string[] => texts.filter((text) => text.trim() !== '');

const sameTexts = (some: readonly string[], others: readonly string[]): boolean =>
  some.length === others.length && some.every((text, index) => text === others[index]);
