import { confidenceText } from '../../picture/confidence.ts';
import { cropOf, type Size } from '../../picture/geometry.ts';
import panes from '../../picture/panes.module.css';
import type { Linked } from '../../picture/use-linked.ts';
import styles from './faces-view.module.css';
import { type Face, landmarksOf } from './landmarks.ts';

interface FacesListProps {
  readonly faces: readonly Face[];
  readonly picture: Size;
  readonly url: string;
  readonly linked: Linked;
}

/** The faces as the server orders them, each cut out of the picture; one of them with its landmarks. */
export function FacesList({ faces, picture, url, linked: { active, current, sideProps, listRef } }: FacesListProps) {
  const open = active ?? current;
  return (
    <ol ref={listRef} aria-label="Faces" {...sideProps('list')}>
      {faces.map((face, index) => (
        <li key={index} className={styles.item}>
          <button
            type="button"
            tabIndex={index === current ? 0 : -1}
            data-index={index}
            data-active={index === active}
            className={`${panes.row} ${styles.row}`}
          >
            <Crop face={face} picture={picture} url={url} />
            <span className={styles.title}>
              Face {index + 1}
              <span className={styles.place}>
                {Math.round(face.box.width)} × {Math.round(face.box.height)} at {Math.round(face.box.x)},{' '}
                {Math.round(face.box.y)}
              </span>
            </span>
            <span className={panes.confidence}>
              <span className="visually-hidden">confidence </span>
              {confidenceText(face.confidence)}
            </span>
          </button>
          {index === open && <Landmarks face={face} />}
        </li>
      ))}
    </ol>
  );
}

function Crop({ face, picture, url }: { face: Face; picture: Size; url: string }) {
  const { left, top, width, height } = cropOf(face.box, picture);
  return (
    <span className={styles.crop}>
      <img src={url} alt="" style={{ left: `${left}%`, top: `${top}%`, width: `${width}%`, height: `${height}%` }} />
    </span>
  );
}

function Landmarks({ face }: { face: Face }) {
  return (
    <dl className={styles.landmarks}>
      {landmarksOf(face).map(({ key, name, x, y }) => (
        <div key={key}>
          <dt>{name}</dt>
          <dd>
            {Math.round(x)}, {Math.round(y)}
          </dd>
        </div>
      ))}
    </dl>
  );
}
