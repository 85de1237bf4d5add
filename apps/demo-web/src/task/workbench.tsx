import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import type { TaskModel } from '../connection/connection.tsx';
import type { Health } from '../connection/readiness.ts';
import { Notice } from '../controls/notice.tsx';
import { defaultsOf, fieldsOf } from '../form/schema.ts';
import { SchemaForm } from '../form/schema-form.tsx';
import { viewOf } from '../views/registry.ts';
import type { Input, Params, Sample } from '../views/view.ts';
import { ErrorPanel } from './error-panel.tsx';
import { InputZone } from './input-zone.tsx';
import { RunBar } from './run-bar.tsx';
import styles from './task-page.module.css';
import { useCall } from './use-call.ts';
import { useInput } from './use-input.ts';
import { ViewBoundary } from './view-boundary.tsx';
import { warningsOf } from './warnings.ts';

const FormZone = lazy(() => import('./form-zone.tsx'));
const JsonInput = lazy(() => import('./json-input.tsx'));
const Results = lazy(() => import('./results.tsx'));

/** After a change of a parameter, how long until the task runs again: a slider changes many times in a row. */
const rerunDelayMs = 300;

/** Input, parameters, view and results of one task. */
export function Workbench({ task, health }: { task: TaskModel; health: Health }) {
  const { View, preload, samples, editsInput = false } = viewOf(task.name);
  const isJson = task.inputKind === 'json';
  const parts = task.parts ?? [];
  const firstValue = samples[0]?.value ?? defaultsOf(task.input);
  const { input, files, takeFile, takePart, takeValue, takeSample } = useInput(
    isJson && editsInput ? { kind: 'json', value: firstValue } : undefined,
    parts.map(({ name }) => name),
  );
  const { call, success, running, start, cancel } = useCall(task);
  const [changes, setChanges] = useState<Params>({});
  const [draft, setDraft] = useState<unknown>(firstValue);
  const [inputProblem, setInputProblem] = useState<string>();
  const rerun = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(rerun.current), []);

  const defaults = defaultsOf(task.params);
  const params = { ...defaults, ...changes };
  // An input may come long after it was asked for: a sample that is loaded, a text that is being typed.
  const latestParams = useRef(params);
  useEffect(() => {
    latestParams.current = params;
  });

  const run = (next: Input | undefined, values: Params): void => {
    clearTimeout(rerun.current);
    setInputProblem(undefined);
    if (next !== undefined) start(next, values);
  };
  const runWhatIsThere = (): void => run(isJson && !editsInput ? takeValue(draft) : input, params);
  const onSample = async (sample: Sample): Promise<void> => {
    if (sample.url === undefined) setDraft(sample.value);
    try {
      const next = await takeSample(sample);
      if (next !== undefined) run(next, latestParams.current);
    } catch (error) {
      setInputProblem((error as Error).message);
    }
  };
  const change = (some: Params): void => {
    const next = { ...changes, ...some };
    setChanges(next);
    clearTimeout(rerun.current);
    rerun.current = setTimeout(() => run(input, { ...defaults, ...next }), rerunDelayMs);
  };
  const setInput = (next: Blob | { readonly value: unknown }): void => {
    if (!(next instanceof Blob)) setDraft(next.value);
    run(next instanceof Blob ? takeFile(next) : takeValue(next.value), latestParams.current);
  };

  // What belongs to an input that has been replaced is not shown.
  const current = call?.input === input ? call : undefined;
  const shown = success?.input === input ? success : undefined;
  const issues = issuesByName(current?.error?.issues ?? []);
  const view =
    input !== undefined ? (
      <ViewBoundary attempt={shown ?? input}>
        <Suspense>
          <View
            input={input}
            params={shown?.params ?? params}
            output={shown?.output}
            items={(running ? current : shown)?.items ?? []}
            running={running}
            setParams={change}
            setInput={setInput}
            run={runWhatIsThere}
          />
        </Suspense>
      </ViewBoundary>
    ) : undefined;
  return (
    <div className={styles.bench}>
      <div className={styles.stage} onPointerEnter={preload} onFocus={preload}>
        {isJson ? (
          <JsonInput
            task={task}
            samples={samples}
            value={draft}
            editable={!editsInput}
            issues={issues}
            onChange={setDraft}
            onSample={(sample) => void onSample(sample)}
            onRun={runWhatIsThere}
          >
            {view}
          </JsonInput>
        ) : parts.length > 0 ? (
          <FormZone
            parts={parts}
            files={files}
            onFile={(part, file) => run(takePart(part, file), latestParams.current)}
            onProblem={setInputProblem}
            busy={running}
          >
            {view}
          </FormZone>
        ) : (
          <InputZone
            task={task}
            samples={samples}
            input={input}
            onFile={setInput}
            onProblem={setInputProblem}
            onSample={(sample) => void onSample(sample)}
            busy={running}
          >
            {view}
          </InputZone>
        )}
        <div className={styles.problems}>
          {inputProblem !== undefined && <Notice tone="bad" title={inputProblem} />}
          {current?.phase === 'failed' && current.error !== undefined && (
            <ErrorPanel error={current.error} onRetry={runWhatIsThere} />
          )}
        </div>
        {current?.phase !== 'failed' &&
          warningsOf(task, input, shown ?? current).map((warning) => (
            <Notice key={warning} tone="warn" title={warning} />
          ))}
      </div>
      <aside aria-label="Parameters" className={styles.side}>
        <h2>Parameters</h2>
        {fieldsOf(task.params).length === 0 && <p className={styles.none}>This task has none.</p>}
        <SchemaForm
          schema={task.params}
          values={params}
          issues={issues}
          onChange={(parameter, value) => change({ [parameter]: value })}
        />
        <RunBar
          call={current}
          running={running}
          waitingFor={health.detail}
          disabled={!isJson && input === undefined}
          onRun={runWhatIsThere}
          onCancel={cancel}
        />
      </aside>
      <div className={styles.results}>
        {input !== undefined && call !== undefined && (
          <Suspense>
            <Results task={task} input={input} params={params} call={shown} />
          </Suspense>
        )}
      </div>
    </div>
  );
}

/** What the server says is wrong, by the name of the parameter or of the input's field. */
const issuesByName = (issues: readonly { readonly path: string; readonly message: string }[]): Record<string, string> =>
  Object.fromEntries(
    issues.map(({ path, message }) => [path.replace(/^(params|input|files)\./, '').replace(/\..*/, ''), message]),
  );
