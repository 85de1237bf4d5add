import type { TaskOutput, TaskParams } from '@portico/sdk';
import { useMemo, useState } from 'react';
import { CopyButton } from '../../controls/copy-button.tsx';
import { SaveButton, stemOf } from '../../controls/save-button.tsx';
import { Tabs } from '../../controls/tabs.tsx';
import panes from '../../picture/panes.module.css';
import { confidenceText } from '../../picture/confidence.ts';
import { Picture } from '../../picture/picture.tsx';
import { useLinked } from '../../picture/use-linked.ts';
import type { ViewProps } from '../view.ts';
import { OcrLines } from './ocr-lines.tsx';
import { OcrOverlay } from './ocr-overlay.tsx';
import styles from './ocr-view.module.css';
import { findWord, nextWord } from './words.ts';

type Output = TaskOutput<'ocr'>;

const noLines: Output['lines'] = [];
/** Of what no page of text has, the rest is neither drawn nor listed: it is in the output below. */
const maxShown = { lines: 2_000, wordsOfLine: 200 };

/** A picture with the outlines of its lines, and the lines beside it. */
export default function OcrView({ input, output, running }: ViewProps<TaskParams<'ocr'>, Output>) {
  const lines = useMemo(() => shownOf(output?.lines ?? noLines), [output]);
  const linked = useLinked(lines.length);
  const [word, setWord] = useState<string>();
  if (input.kind !== 'file') return null;
  const list = (
    <div className={panes.body} data-scroller="">
      {lines.length === 0 ? (
        <Note output={output} running={running} />
      ) : (
        <OcrLines lines={lines} linked={linked} word={word} />
      )}
    </div>
  );
  return (
    <div className={panes.view}>
      <div
        className={panes.panes}
        onPointerOver={({ target }) => setWord(wordAt(target))}
        onPointerLeave={() => setWord(undefined)}
        onFocus={() => setWord(undefined)}
        onKeyDown={(event) => {
          // Elsewhere the keys mean something else, as on the tabs.
          if ((event.target as Element).closest('[data-index]') === null) return;
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
          summary={output && summaryOf(output)}
          readout={readoutOf(findWord(lines, word) ?? lines[linked.active ?? -1])}
        >
          {(size, { scale }) =>
            output && <OcrOverlay lines={lines} size={size} scale={scale} linked={linked} word={word} />
          }
        </Picture>
        <div className={panes.pane}>
          <div className={`${panes.box} ${styles.box}`} aria-busy={running}>
            <Tabs
              label="Text as"
              tabs={[
                { name: 'Lines', content: list },
                { name: 'Text', content: lines.length === 0 ? list : <WholeText text={output?.text ?? ''} /> },
              ]}
            />
          </div>
          <div className={panes.actions}>{output && <Actions output={output} name={stemOf(input.name)} />}</div>
        </div>
      </div>
    </div>
  );
}

function Note({ output, running }: { output: Output | undefined; running: boolean }) {
  if (output === undefined) return <p className={panes.note}>{running ? 'Reading the text…' : 'No result yet.'}</p>;
  return (
    <p className={panes.note}>
      <strong>No text found.</strong>
      <span>A lower minConfidence, a larger maxSideLength or a sharper picture may help.</span>
    </p>
  );
}

function WholeText({ text }: { text: string }) {
  return (
    // It scrolls, so a keyboard must reach it.
    <div tabIndex={0} role="region" aria-label="Whole text" className={panes.body}>
      <p className={styles.whole}>{text}</p>
    </div>
  );
}

function Actions({ output, name }: { output: Output; name: string }) {
  const json = (): Blob => new Blob([`${JSON.stringify(output, null, 2)}\n`], { type: 'application/json' });
  return (
    <>
      <CopyButton text={output.text} label="Copy text" />
      <SaveButton
        blob={() => new Blob([`${output.text}\n`], { type: 'text/plain;charset=utf-8' })}
        name={`${name}.txt`}
      >
        <span className="visually-hidden">Download </span>.txt
      </SaveButton>
      <SaveButton blob={json} name={`${name}.json`}>
        <span className="visually-hidden">Download </span>.json
      </SaveButton>
    </>
  );
}

const shownOf = (lines: Output['lines']): Output['lines'] =>
  lines
    .slice(0, maxShown.lines)
    .map((line) => (line.words ? { ...line, words: line.words.slice(0, maxShown.wordsOfLine) } : line));

function summaryOf({ width, height, angle, lines }: Output): string {
  const turn = Math.abs(angle) < 1 ? '' : ` · angle ${angle}°`;
  return `${width} × ${height} · ${lines.length} line${lines.length === 1 ? '' : 's'}${turn}`;
}

const readoutOf = (pointed: { confidence: number; text: string } | undefined): string | undefined =>
  pointed && `${confidenceText(pointed.confidence)} · ${pointed.text}`;

const wordAt = (target: EventTarget): string | undefined =>
  (target as Element).closest('[data-word]')?.getAttribute('data-word') ?? undefined;
