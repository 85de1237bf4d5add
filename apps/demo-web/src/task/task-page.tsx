'use client';

import { Suspense, use, useRef, useState } from 'react';
import { type TaskModel, useConnection, useTask } from '../connection/connection.tsx';
import { defaultsOf } from '../schema/schema.ts';
import { viewOf } from '../views/registry.ts';
import type { Input, Params, Sample } from '../views/view.ts';
import { ErrorPanel } from './error-panel.tsx';
import { InputZone } from './input-zone.tsx';
import { OutputTree } from './output-tree.tsx';
import { ParameterForm } from './parameter-form.tsx';
import styles from './task-page.module.css';
import { useCall } from './use-call.ts';
import { useInput } from './use-input.ts';

/** After a change of a parameter, how long until the task runs again: a slider changes many times in a row. */
const rerunDelayMs = 300;

/** The page of any task that the server has. */
export function TaskPage({ name }: { name: string }) {
  const { state } = useConnection();
  const task = useTask(name);
  return (
    <main className={styles.page}>
      <header className={styles.head}>
        <h1>{name}</h1>
        <p className={styles.summary}>{task?.summary ?? '\u00a0'}</p>
      </header>
      {task !== undefined && (
        <Suspense fallback={<div className={styles.skeleton} />}>
          <Workbench key={name} task={task} />
        </Suspense>
      )}
      {task === undefined && state.phase === 'connected' && (
        <Suspense fallback={<p>{'\u00a0'}</p>}>
          <NotServed name={name} />
        </Suspense>
      )}
    </main>
  );
}

function NotServed({ name }: { name: string }) {
  const { notServed = 'The server has no task of this name.' } = use(viewOf(name));
  return <p>{notServed}</p>;
}

function Workbench({ task }: { task: TaskModel }) {
  const { View, samples } = use(viewOf(task.name));
  const { input, takeFile, takeValue, takeSample } = useInput();
  const { call, success, running, start, cancel } = useCall(task);
  const [changes, setChanges] = useState<Params>({});
  const rerun = useRef<ReturnType<typeof setTimeout>>(undefined);

  const defaults = defaultsOf(task.params);
  const params = { ...defaults, ...changes };

  const run = (next: Input | undefined, values: Params): void => {
    clearTimeout(rerun.current);
    if (next !== undefined) start(next, values);
  };
  const onFile = (file: Blob): void => run(takeFile(file), params);
  const onSample = async (sample: Sample): Promise<void> => run(await takeSample(sample), params);
  const change = (some: Params): void => {
    const next = { ...changes, ...some };
    setChanges(next);
    clearTimeout(rerun.current);
    rerun.current = setTimeout(() => run(input, { ...defaults, ...next }), rerunDelayMs);
  };

  const shown = success?.input === input ? success : undefined;
  const current = call?.input === input ? call : undefined;
  const issues = Object.fromEntries(
    (current?.error?.issues ?? []).map(({ path, message }) => [path.replace(/^params\./, ''), message]),
  );
  return (
    <div className={styles.bench}>
      <div className={styles.main}>
        <InputZone
          task={task}
          samples={samples}
          onFile={onFile}
          onSample={(sample) => void onSample(sample)}
          filled={input !== undefined}
        >
          {input !== undefined && (
            <View
              input={input}
              params={shown?.params ?? params}
              output={shown?.output}
              items={(running ? current : shown)?.items ?? []}
              running={running}
              setParams={change}
              setInput={(next) => run(next instanceof Blob ? takeFile(next) : takeValue(next.value), params)}
              run={() => run(input, params)}
            />
          )}
        </InputZone>
        {current?.phase === 'failed' && current.error !== undefined && (
          <ErrorPanel error={current.error} onRetry={() => run(input, params)} />
        )}
        {shown !== undefined && (
          <section aria-label="Output" className={styles.panel}>
            <h2>Output</h2>
            <OutputTree value={shown.output} />
          </section>
        )}
      </div>
      <aside aria-label="Parameters" className={styles.side}>
        <h2>Parameters</h2>
        <ParameterForm
          schema={task.params}
          values={params}
          issues={issues}
          onChange={(parameter, value) => change({ [parameter]: value })}
        />
        {running ? (
          <button type="button" className={styles.cancel} onClick={cancel}>
            Cancel
          </button>
        ) : (
          <button
            type="button"
            className={styles.run}
            disabled={input === undefined}
            onClick={() => run(input, params)}
          >
            Run
          </button>
        )}
      </aside>
    </div>
  );
}
