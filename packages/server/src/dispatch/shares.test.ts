import { expect, it } from 'vitest';
import { Shares } from './shares.ts';

const inputMs = 10;

it('a client that comes is next, however long others have been served and whatever engines have of them', () => {
  const shares = new Shares();
  const greedy = shares.of('greedy');
  for (let job = 0; job < 12; job++) greedy.enqueue();
  for (let job = 0; job < 8; job++) greedy.send();
  for (let run = 0; run < 100; run++) {
    const comes = shares.of(`comes ${run}`);
    expect(comes.scoreMs(inputMs)).toBeLessThan(greedy.scoreMs(inputMs));
    for (let job = 0; job < 4; job++) {
      greedy.charge(inputMs);
      greedy.leaveEngine();
      greedy.enqueue();
      greedy.send();
    }
  }
});

it('nobody saves up turns while away', () => {
  const shares = new Shares();
  const [away, busy] = [shares.of('away'), shares.of('busy')];
  busy.enqueue();
  for (let run = 0; run < 10; run++) {
    busy.enqueue();
    busy.send();
    busy.charge(inputMs);
    busy.leaveEngine();
  }
  expect(away.scoreMs(inputMs)).toBe(busy.scoreMs(inputMs));
});

it('ever new clients do not keep one waiting that has had more', () => {
  const shares = new Shares();
  const busy = shares.of('busy');
  busy.enqueue();
  busy.charge(5 * inputMs);
  let newcomers = 0;
  for (; newcomers < 100; newcomers++) {
    const comes = shares.of(`comes ${newcomers}`);
    comes.enqueue();
    if (comes.scoreMs(inputMs) >= busy.scoreMs(inputMs)) break;
    comes.send();
    comes.charge(inputMs);
    comes.leaveEngine();
  }
  expect(newcomers).toBeLessThan(20);
});

it('clients that have nothing here and are level are forgotten', () => {
  const shares = new Shares();
  for (let client = 0; client < 10_000; client++) {
    const share = shares.of(`client ${client}`);
    share.enqueue();
    share.send();
    share.charge(inputMs);
    share.leaveEngine();
  }
  expect(shares.size).toBe(0);
});
