import { Tabs as Base } from '@base-ui/react/tabs';
import { type ReactNode, useState } from 'react';
import styles from './tabs.module.css';

interface TabsProps {
  readonly label: string;
  readonly tabs: readonly {
    readonly name: string;
    readonly content: ReactNode;
    /** What can be done with it, beside the tabs. */
    readonly action?: ReactNode;
  }[];
}

/** A few panels, one of which is shown; each has something in it that the Tab key reaches. Import what uses it with `lazy`: it takes 14 kB. */
export function Tabs({ label, tabs }: TabsProps) {
  const [active, setActive] = useState(tabs[0]?.name);
  return (
    <Base.Root value={active} onValueChange={(value) => setActive(value as string)} className={styles.tabs}>
      <div className={styles.head}>
        <Base.List aria-label={label} className={styles.list} activateOnFocus>
          {tabs.map(({ name }) => (
            <Base.Tab key={name} value={name} className={styles.tab}>
              {name}
            </Base.Tab>
          ))}
        </Base.List>
        {tabs.find(({ name }) => name === active)?.action}
      </div>
      {tabs.map(({ name, content }) => (
        <Base.Panel key={name} value={name} tabIndex={-1} className={styles.panel}>
          {content}
        </Base.Panel>
      ))}
    </Base.Root>
  );
}
