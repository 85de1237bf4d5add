'use client';

import Link from 'next/link';
import { useEffect, useRef, useState } from 'react';
import { useConnection } from '../connection/connection.tsx';
import { Button } from '../controls/button.tsx';
import { Segmented } from '../controls/segmented.tsx';
import { ErrorPanel } from '../task/error-panel.tsx';
import page from '../task/task-page.module.css';
import { type InputDraft, initialDraft, type InputMetadata, valuesOf } from './input-draft.ts';
import { TensorInput } from './tensor-input.tsx';
import { type TensorModel, versionsOf } from './tensor-models.ts';
import { TensorOutput } from './tensor-output.tsx';
import styles from './tensor-page.module.css';
import { shapeText, ValueError, type Values } from './tensor-values.ts';
import { useTensorCall } from './use-tensor-call.ts';

/** After a stroke of a drawing, how long until the model runs. */
const rerunDelayMs = 80;

/** A served ONNX file: its signature, values for its inputs, and what it makes of them. */
export function TensorPage({ name }: { readonly name: string }) {
  const { state } = useConnection();
  const [chosen, setChosen] = useState<string>();
  const versions = versionsOf(state, name);
  const model = versions.find(({ version }) => version === chosen) ?? versions[0];
  return (
    <main id="main" className={page.page}>
      <header className={page.head}>
        <h1>{name}</h1>
        <p className={page.summary}>
          <Link href="/tensors">Tensors</Link>
          {model !== undefined && ` · version ${model.version}`}
          {model?.device && ` · ${model.device}`}
        </p>
      </header>
      {versions.length > 1 && model !== undefined && (
        <Segmented
          label="Version"
          values={versions.map(({ version }) => version)}
          value={model.version}
          onChange={setChosen}
        />
      )}
      {model === undefined && state.phase === 'connected' && <p>The server has no ONNX file of this name.</p>}
      {model !== undefined && (model.inputs === null || model.outputs === null) && <p>The file is being loaded.</p>}
      {model !== undefined && model.inputs !== null && (
        <Workbench key={model.version} model={model} inputs={model.inputs} />
      )}
    </main>
  );
}

interface WorkbenchProps {
  readonly model: TensorModel;
  readonly inputs: readonly InputMetadata[];
}

function Workbench({ model, inputs }: WorkbenchProps) {
  const [drafts, setDrafts] = useState(() => inputs.map(initialDraft));
  const { running, result, durationMs, error, start, cancel } = useTensorCall(model.name, model.version);
  const rerun = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(rerun.current), []);

  const [ran, setRan] = useState<readonly InputDraft[]>();

  const read = drafts.map(tryValues);
  const ready = read.every(({ problem }) => problem === undefined);
  const run = (some: readonly InputDraft[]): void => {
    clearTimeout(rerun.current);
    setRan(some);
    start(some.map((draft) => ({ ...draft.metadata, shape: draft.shape, data: valuesOf(draft) })));
  };
  const change = (index: number, draft: InputDraft): void => {
    const next = drafts.with(index, draft);
    setDrafts(next);
    clearTimeout(rerun.current);
    // A picture is there to be seen through, so the model runs at once; numbers are complete when their author says so.
    const shows = 'rgba' in draft.source && draft.source.rgba !== undefined;
    if (shows && next.every((each) => tryValues(each).problem === undefined)) {
      rerun.current = setTimeout(() => run(next), rerunDelayMs);
    }
  };
  return (
    <div className={page.bench}>
      <div className={page.main}>
        {drafts.map((draft, index) => (
          <TensorInput
            key={draft.metadata.name}
            draft={draft}
            {...read[index]!}
            onChange={(next) => change(index, next)}
          />
        ))}
        {error !== undefined && <ErrorPanel error={error} onRetry={() => run(drafts)} />}
        {result !== undefined && (
          <section aria-label="Outputs" className={styles.outputs} data-stale={running || ran !== drafts}>
            {result.outputs.map((tensor) => (
              <TensorOutput key={tensor.name} tensor={tensor} />
            ))}
          </section>
        )}
      </div>
      <aside aria-label="Signature" className={page.side}>
        <Signature title="Inputs" tensors={inputs} />
        <Signature title="Outputs" tensors={model.outputs ?? []} />
        {running ? (
          <Button onClick={cancel}>Cancel</Button>
        ) : (
          <Button look="primary" disabled={!ready} onClick={() => run(drafts)}>
            Run
          </Button>
        )}
        <p role="status" className={styles.duration}>
          {durationMs === undefined ? '\u00a0' : `${durationMs.toFixed(durationMs < 10 ? 1 : 0)} ms from start to end`}
        </p>
      </aside>
    </div>
  );
}

interface Read {
  readonly values: Values | undefined;
  /** Why there are none, in words. */
  readonly problem: string | undefined;
}

function tryValues(draft: InputDraft): Read {
  try {
    return { values: valuesOf(draft), problem: undefined };
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    return { values: undefined, problem: error.message };
  }
}

interface SignatureProps {
  readonly title: string;
  readonly tensors: readonly { readonly name: string; readonly datatype: string; readonly shape: readonly number[] }[];
}

function Signature({ title, tensors }: SignatureProps) {
  return (
    <div className={styles.signature}>
      <h2>{title}</h2>
      <dl className={styles.tensors}>
        {tensors.map(({ name, datatype, shape }) => (
          <div key={name}>
            <dt className={styles.name}>{name}</dt>
            <dd className={styles.type}>
              {datatype} · {shapeText(shape)}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
