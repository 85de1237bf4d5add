import type { TaskOutput, TaskParams } from '@portico/sdk';
import { useMemo } from 'react';
import panes from '../../picture/panes.module.css';
import { Picture } from '../../picture/picture.tsx';
import { useLinked } from '../../picture/use-linked.ts';
import type { ViewProps } from '../view.ts';
import { FacesList } from './faces-list.tsx';
import { FacesOverlay } from './faces-overlay.tsx';

type Output = TaskOutput<'faces'>;

const noFaces: Output['faces'] = [];
/** More faces are neither drawn nor listed: they are in the output below. */
const maxShown = 1_000;

/** A picture with a box around each face, and the faces beside it. One face at a time has its landmarks named. */
export default function FacesView({ input, output, running }: ViewProps<TaskParams<'faces'>, Output>) {
  const faces = useMemo(() => output?.faces.slice(0, maxShown) ?? noFaces, [output]);
  const linked = useLinked(faces.length);
  if (input.kind !== 'file') return null;
  return (
    <div className={panes.view}>
      <div className={panes.panes}>
        <Picture
          key={input.url}
          url={input.url}
          name={input.name}
          size={output}
          busy={running}
          summary={
            output &&
            `${output.width} × ${output.height} · ${output.faces.length} face${output.faces.length === 1 ? '' : 's'}`
          }
        >
          {(size, shown) => output && <FacesOverlay faces={faces} size={size} shown={shown} linked={linked} />}
        </Picture>
        <div className={panes.pane}>
          <div className={panes.box} aria-busy={running}>
            <div className={panes.body} data-scroller="">
              {output === undefined || faces.length === 0 ? (
                <Note output={output} running={running} />
              ) : (
                <FacesList faces={faces} picture={output} url={input.url} linked={linked} />
              )}
            </div>
          </div>
        </div>
      </div>
    </div>
  );
}

function Note({ output, running }: { output: Output | undefined; running: boolean }) {
  if (output === undefined) return <p className={panes.note}>{running ? 'Looking for faces…' : 'No result yet.'}</p>;
  return (
    <p className={panes.note}>
      <strong>No face found.</strong>
      <span>A lower minConfidence may help, or a picture in which faces are larger and turned to the camera.</span>
    </p>
  );
}
