'use client';

import Link from 'next/link';
import { useConnection, type Model, type ServerState, versionOf } from '../connection/connection.tsx';
import { ConnectionNotice } from '../connection/connection-notice.tsx';
import { healthOf } from '../connection/readiness.ts';
import { Icon, type IconName } from '../controls/icon.tsx';
import { iconOf, nounOf } from '../task/input-kind.ts';
import styles from './overview.module.css';

/** While the server has not responded yet, as many cards as it has by default. */
const expectedTasks = 4;

const documents = [['/docs', 'API documentation']] as const;
/** A link carries no API key, so these are for servers without one. */
const documentsWithoutKey = [
  ['/openapi.json', 'OpenAPI'],
  ['/metrics', 'Metrics'],
] as const;

/** The served models, a card each. */
export function Overview() {
  const { url, apiKey, state } = useConnection();
  const { models, ready } = state;
  return (
    <main id="main" className={styles.page}>
      <header className={styles.head}>
        <h1>See what the models see</h1>
        <p className={styles.lead}>
          Pick a task, give it an input, and see what comes back: drawn on the input, as JSON, and with the code that
          produced it.
        </p>
      </header>
      <ConnectionNotice />
      <ul className={styles.cards}>
        {models.map((model) => (
          <Card key={`${model.kind} ${model.name} ${versionOf(model)}`} model={model} state={state} />
        ))}
        {ready === undefined &&
          state.phase === 'connecting' &&
          Array.from({ length: expectedTasks }, (_, index) => (
            <li key={index} className={styles.skeleton} aria-hidden="true" />
          ))}
      </ul>
      {state.phase === 'connected' && (
        <p className={styles.also}>
          Also on this server:{' '}
          {[...documents, ...(apiKey === '' ? documentsWithoutKey : [])].map(([path, title]) => (
            <a key={path} href={`${url}${path}`}>
              {title}
            </a>
          ))}
        </p>
      )}
      {ready !== undefined && models.length === 0 && (
        <p className={styles.lead}>
          This server has no models. Set MODEL_NAME or MODEL_REPOSITORY and restart it; with MODEL_CONTROL=explicit,
          load an ONNX file.
        </p>
      )}
    </main>
  );
}

function Card({ model, state }: { model: Model; state: ServerState }) {
  const { kind, name, device } = model;
  const health = healthOf(state, kind, name, versionOf(model));
  const { icon, takes, gives, summary, href } = factsOf(model);
  return (
    <li>
      <Link href={href} prefetch={false} className={styles.card}>
        <span className={styles.top}>
          <span className={styles.icon}>
            <Icon name={icon} />
          </span>
          <span className={styles.name}>{name}</span>
          <span className={styles.state} data-state={health.state}>
            {health.state === 'ready' ? 'ready' : health.detail}
          </span>
        </span>
        <span className={styles.summary}>{summary}</span>
        <span className={styles.facts}>
          <span className={styles.turns}>
            {takes} <Icon name="arrow" /> <span className="visually-hidden">to</span> {gives}
          </span>
          <span>{device ?? '–'}</span>
        </span>
        <span className={styles.progress} style={{ '--progress': health.progress ?? 0 }} />
      </Link>
    </li>
  );
}

interface Facts {
  readonly icon: IconName;
  readonly takes: string;
  readonly gives: string;
  readonly summary: string;
  readonly href: string;
}

function factsOf(model: Model): Facts {
  if (model.kind === 'tensors') {
    const summary = `An ONNX file as it is, version ${model.version}.`;
    return {
      icon: 'file',
      takes: 'tensors',
      gives: 'tensors',
      summary,
      href: `/tensors/${encodeURIComponent(model.name)}`,
    };
  }
  const streams = model.item === null ? '' : ', streamed';
  return {
    icon: iconOf(model),
    takes: model.inputKind === 'json' ? 'JSON' : nounOf(model),
    gives: (model.produces === null ? 'JSON' : nounOf({ accepts: [model.produces.mediaType] })) + streams,
    summary: model.summary,
    href: `/tasks/${model.name}`,
  };
}
