'use client';

import Link from 'next/link';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useConnection } from '../connection/connection.tsx';
import { ConnectionNotice } from '../connection/connection-notice.tsx';
import { healthOf } from '../connection/readiness.ts';
import { Button } from '../controls/button.tsx';
import { Notice } from '../controls/notice.tsx';
import { Segmented } from '../controls/segmented.tsx';
import { ErrorPanel } from '../task/error-panel.tsx';
import page from '../task/task-page.module.css';
import { TimingBar } from '../task/timing-bar.tsx';
import { type InputDraft, initialDraft, type InputMetadata, valuesOf } from './input-draft.ts';
import { TensorInput } from './tensor-input.tsx';
import { type TensorModel, versionsOf } from './tensor-models.ts';
import { TensorOutput } from './tensor-output.tsx';
import { maxWrittenValues, tensorSnippets } from './tensor-snippets.ts';
import styles from './tensor-page.module.css';
import { announcedShapeText, countOf, ValueError, type Values } from './tensor-values.ts';
import { type TensorCalls, type TensorSuccess, useTensorCall } from './use-tensor-call.ts';

const Snippets = lazy(() => import('../code/code-panel.tsx').then(({ Snippets }) => ({ default: Snippets })));

/** After a stroke of a drawing, how long until the model runs. */
const rerunDelayMs = 80;

/** A served ONNX file: its signature, values for its inputs, and what it makes of them. */
export function TensorPage({ name }: { readonly name: string }) {
  const { state } = useConnection();
  const [chosen, setChosen] = useState<string>();
  const versions = versionsOf(state, name);
  const model = versions.find(({ version }) => version === chosen) ?? versions[0];
  const health = healthOf(state, 'tensors', name, model?.version);
  return (
    <main id="main" className={page.page}>
      <header className={page.head}>
        <h1>{name}</h1>
        <p className={page.facts}>
          <Link href="/tensors">Tensors</Link>
          {model !== undefined &&
            [`version ${model.version}`, model.device, health.detail]
              .filter(Boolean)
              .map((fact) => ` · ${fact}`)
              .join('')}
        </p>
      </header>
      <ConnectionNotice />
      {versions.length > 1 && model !== undefined && (
        <div>
          <Segmented
            label="Version"
            values={versions.map(({ version }) => version)}
            value={model.version}
            onChange={setChosen}
          />
        </div>
      )}
      {model === undefined && state.ready !== undefined && (
        <p className={page.missing}>
          This server has no ONNX file of this name. <Link href="/tensors">See the files it has</Link>
        </p>
      )}
      {health.problem !== undefined && (
        <Notice tone="bad" title="The file failed to load">
          <p>{health.problem}</p>
        </Notice>
      )}
      {health.problem === undefined && model !== undefined && (model.inputs === null || model.outputs === null) && (
        <p className={page.missing}>The file is loading.</p>
      )}
      {model !== undefined && model.inputs !== null && (
        // A file that is loaded again may have other inputs.
        <Workbench
          key={`${model.version} ${JSON.stringify(model.inputs)}`}
          model={model}
          newest={versions[0]!.version}
          inputs={model.inputs}
        />
      )}
    </main>
  );
}

interface WorkbenchProps {
  readonly model: TensorModel;
  /** The version that is run where none is named. */
  readonly newest: string;
  readonly inputs: readonly InputMetadata[];
}

function Workbench({ model, newest, inputs }: WorkbenchProps) {
  const [drafts, setDrafts] = useState(() => inputs.map(initialDraft));
  const { url, apiKey } = useConnection();
  const { phase, success, error, start, cancel } = useTensorCall(model.name, model.version);
  const rerun = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(rerun.current), []);

  const [ran, setRan] = useState<readonly InputDraft[]>();

  const read = drafts.map(tryValues);
  const ready = read.every(({ problem }) => problem === undefined);
  const run = (some: readonly InputDraft[]): void => {
    clearTimeout(rerun.current);
    setRan(some);
    start(some.map((draft) => ({ ...draft.metadata, shape: draft.shape, data: tryValues(draft).values! })));
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
        <div className={page.problems}>
          {error !== undefined && <ErrorPanel error={error} onRetry={() => run(drafts)} />}
        </div>
      </div>
      <aside aria-label="Signature" className={`${page.side} ${styles.side}`}>
        <Signature title="Inputs" tensors={inputs} />
        <Signature title="Outputs" tensors={model.outputs ?? []} />
        {phase === 'running' ? (
          <Button onClick={cancel}>Cancel</Button>
        ) : (
          <Button look="primary" disabled={!ready} onClick={() => run(drafts)}>
            Run
          </Button>
        )}
        <p role="status" className={styles.duration}>
          {statusOf(phase, success)}
        </p>
        {success !== undefined && (
          <TimingBar timing={success.response?.timing ?? {}} durationMs={success.durationMs} legend />
        )}
      </aside>
      <div className={styles.results}>
        {success !== undefined && (
          <section aria-label="Outputs" className={styles.outputs} data-stale={phase !== 'done' || ran !== drafts}>
            {success.result.outputs.map((tensor) => (
              <TensorOutput
                key={tensor.name}
                tensor={tensor}
                labels={model.outputs?.find(({ name }) => name === tensor.name)?.labels}
              />
            ))}
          </section>
        )}
        <section aria-label="Use it from code" className={page.panel}>
          <h2>Use it from code</h2>
          {ready && drafts.some(({ shape }) => countOf(shape) > maxWrittenValues) && (
            <p className={page.none}>
              Inputs of more than {maxWrittenValues.toLocaleString('en')} values are written as zeros.
            </p>
          )}
          {ready ? (
            <Suspense>
              <Snippets
                snippets={tensorSnippets({
                  url,
                  needsKey: apiKey !== '',
                  model: model.name,
                  version: model.version === newest ? undefined : model.version,
                  inputs: drafts.map(({ metadata, shape }, index) => ({
                    ...metadata,
                    shape,
                    data: read[index]!.values!,
                  })),
                })}
              />
            </Suspense>
          ) : (
            <p className={page.none}>The code appears once every input has values.</p>
          )}
        </section>
      </div>
    </div>
  );
}

/** What the latest run does, or how it ended. */
function statusOf(phase: TensorCalls['phase'], success: TensorSuccess | undefined): string {
  if (phase === 'done' && success !== undefined) {
    return `Done in ${success.durationMs.toFixed(success.durationMs < 10 ? 1 : 0)} ms`;
  }
  return { idle: '\u00a0', running: 'Running', done: '\u00a0', failed: 'Failed', cancelled: 'Cancelled' }[phase];
}

interface Read {
  readonly values: Values | undefined;
  /** Why there are none, in words. */
  readonly problem: string | undefined;
}

/** Many values take a while, and a draft is read with every render. */
const known = new WeakMap<InputDraft, Read>();

function tryValues(draft: InputDraft): Read {
  const read = known.get(draft) ?? readValues(draft);
  known.set(draft, read);
  return read;
}

function readValues(draft: InputDraft): Read {
  try {
    return { values: valuesOf(draft), problem: undefined };
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    return { values: undefined, problem: error.message };
  }
}

interface SignatureProps {
  readonly title: string;
  readonly tensors: readonly InputMetadata[];
}

function Signature({ title, tensors }: SignatureProps) {
  return (
    <div className={styles.signature}>
      <h2>{title}</h2>
      <dl className={styles.tensors}>
        {tensors.map((tensor) => (
          <div key={tensor.name}>
            <dt className={styles.name}>{tensor.name}</dt>
            <dd className={styles.type}>
              {tensor.datatype} · {announcedShapeText(tensor)}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
