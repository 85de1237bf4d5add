import type { TaskOutput, TaskParams } from '@portico/sdk';
import { useState } from 'react';
import panes from '../picture/panes.module.css';
import { Picture } from '../picture/picture.tsx';
import { useLinked } from '../picture/use-linked.ts';
import { defineView, type ViewProps } from '../view.ts';
import { OcrLines } from './ocr-lines.tsx';
import { OcrOverlay } from './ocr-overlay.tsx';
import { findWord, nextWord } from './words.ts';

type Output = TaskOutput<'ocr'>;

const noLines: Output['lines'] = [];

/** A picture with the outlines of its lines, and the lines beside it. */
function OcrView({ input, output, running }: ViewProps<TaskParams<'ocr'>, Output>) {
  const lines = output?.lines ?? noLines;
  const linked = useLinked(lines.length);
  const [word, setWord] = useState<string>();
  if (input.kind !== 'file') return null;
  return (
    <div className={panes.view}>
      <div
        className={panes.panes}
        onPointerOver={({ target }) => setWord(wordAt(target))}
        onPointerLeave={() => setWord(undefined)}
        onFocus={() => setWord(undefined)}
        onKeyDown={(event) => {
          const next = nextWord(lines, linked.active, word, event.key);
          if (next === undefined) return;
          event.preventDefault();
          setWord(next);
        }}
      >
        <Picture
          key={input.url}
          url={input.url}
          name={input.name}
          size={output}
          angle={output?.angle}
          busy={running}
          readout={<Readout output={output} line={linked.active} word={word} />}
        >
          {(size) => output && <OcrOverlay lines={lines} size={size} linked={linked} word={word} />}
        </Picture>
        <div className={panes.pane}>
          <div className={panes.body} data-scroller="" aria-busy={running}>
            {output === undefined ? (
              <p className={panes.note}>{running ? 'Reading the text…' : 'Not read yet.'}</p>
            ) : lines.length === 0 ? (
              <p className={panes.note}>
                <strong>No text found.</strong>
                <span>A lower minConfidence or a larger maxSideLength may find some, or a sharper picture.</span>
              </p>
            ) : (
              <OcrLines lines={lines} linked={linked} word={word} />
            )}
          </div>
        </div>
      </div>
    </div>
  );
}

interface ReadoutProps {
  readonly output: Output | undefined;
  readonly line: number | undefined;
  readonly word: string | undefined;
}

/** What is pointed at, or what the page is. */
function Readout({ output, line, word }: ReadoutProps) {
  if (output === undefined) return null;
  const { width, height, angle, lines } = output;
  const pointed = findWord(lines, word) ?? lines[line ?? -1];
  if (pointed !== undefined) return `${pointed.confidence.toFixed(3)}  ${pointed.text}`;
  const turn = Math.abs(angle) < 1 ? '' : ` · angle ${angle}°`;
  return `${width} × ${height} · ${lines.length} line${lines.length === 1 ? '' : 's'}${turn}`;
}

const wordAt = (target: EventTarget): string | undefined =>
  (target as Element).closest('[data-word]')?.getAttribute('data-word') ?? undefined;

export default defineView<TaskParams<'ocr'>, Output>({
  View: OcrView,
  samples: [{ name: 'page.jpg', url: new URL('../../../../../samples/page.jpg', import.meta.url) }],
});
