'use client';

import Link from 'next/link';
import { useConnection } from '../connection/connection.tsx';
import { healthOf } from '../connection/readiness.ts';
import { ConnectionNotice } from '../connection/connection-notice.tsx';
import page from '../task/task-page.module.css';
import { type TensorModel, tensorModelsOf } from './tensor-models.ts';
import styles from './tensor-list.module.css';
import { announcedShapeText } from './tensor-values.ts';

/** The ONNX files that the server serves as they are. */
export function TensorList() {
  const { state } = useConnection();
  const models = tensorModelsOf(state);
  return (
    <main id="main" className={page.page}>
      <header className={page.head}>
        <h1>Tensors</h1>
        <p className={page.summary}>ONNX files that the server runs as they are: typed arrays in, typed arrays out.</p>
      </header>
      <ConnectionNotice />
      {models.length === 0 && state.ready !== undefined && <HowToServe />}
      <ul className={styles.cards}>
        {models.map((model) => (
          <li key={model.name}>
            <Link href={`/tensors/${encodeURIComponent(model.name)}`} className={styles.card}>
              <code className={styles.name}>{model.name}</code>
              <Signature model={model} problem={healthOf(state, 'tensors', model.name, model.version).problem} />
            </Link>
          </li>
        ))}
      </ul>
    </main>
  );
}

interface SignatureProps {
  readonly model: TensorModel;
  /** Why the file did not load. */
  readonly problem: string | undefined;
}

function Signature({ model: { inputs, outputs }, problem }: SignatureProps) {
  if (problem !== undefined) return <span className={styles.problem}>Failed to load: {problem}</span>;
  if (inputs === null || outputs === null) return <span className={styles.signature}>Loading…</span>;
  return (
    <dl className={styles.signature}>
      {[['in', inputs] as const, ['out', outputs] as const].flatMap(([direction, tensors]) =>
        tensors.map((tensor) => (
          <div key={`${direction} ${tensor.name}`} className={styles.tensor}>
            <dt>{direction}</dt>
            <dd>
              {tensor.name}{' '}
              <span className={styles.type}>
                {tensor.datatype} {announcedShapeText(tensor)}
              </span>
            </dd>
          </div>
        )),
      )}
    </dl>
  );
}

function HowToServe() {
  return (
    <section aria-label="How to serve a file" className={page.panel}>
      <p>This server has no ONNX file to try. Put one in a folder and start the server with its name:</p>
      <pre className={styles.command}>MODEL_REPOSITORY=onnx npm start</pre>
      <p>With MODEL_CONTROL=explicit, a running server loads a file when it is asked to:</p>
      <pre className={styles.command}>POST /v2/repository/models/NAME/load</pre>
    </section>
  );
}
