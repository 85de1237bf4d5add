import { CodePanel } from '../code/code-panel.tsx';
import type { TaskModel } from '../connection/connection.tsx';
import { CopyButton } from '../controls/copy-button.tsx';
import type { Input, Params } from '../views/view.ts';
import { OutputTree } from './output-tree.tsx';
import styles from './results.module.css';
import { TimingBar } from './timing-bar.tsx';
import type { Call } from './use-call.ts';

interface ResultsProps {
  readonly task: TaskModel;
  /** What is on the screen now, for the code. */
  readonly input: Input;
  readonly params: Params;
  /** The last call that succeeded. */
  readonly call: Call | undefined;
}

/** What came of a call: its output as a tree, where its time went, and the code that makes it. */
export default function Results({ task, input, params, call }: ResultsProps) {
  return (
    <div className={styles.results}>
      <section aria-label="Output" className={styles.panel} data-empty={call === undefined}>
        <div className={styles.head}>
          <h2>Output</h2>
          {call !== undefined && (
            <CopyButton text={() => JSON.stringify(call.output, null, 2) ?? ''} label="Copy JSON" />
          )}
        </div>
        {call?.durationMs !== undefined && (
          <TimingBar timing={call.response?.timing ?? {}} durationMs={call.durationMs} legend />
        )}
        {call === undefined ? <p className={styles.none}>No output yet.</p> : <OutputTree value={call.output} />}
        {call?.response?.requestId !== undefined && (
          <p className={styles.none}>
            Request <code>{call.response.requestId}</code>
          </p>
        )}
      </section>
      <section aria-label="Use it from code" className={styles.panel}>
        <div className={styles.head}>
          <h2>Use it from code</h2>
        </div>
        <CodePanel task={task} input={input} params={params} />
      </section>
    </div>
  );
}
