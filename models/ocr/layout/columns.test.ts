import { describe, expect, test } from 'vitest';
import { layOut } from './reading-order.ts';
import { column, line, mixed, prose, wrapped } from './testing/page-builder.ts';

const read = (page: Parameters<typeof layOut>[0], angle = 0): string => layOut(mixed(page), angle).text;

const [first, second, third] = [wrapped(prose.ishmael, 34), wrapped(prose.november, 34), wrapped(prose.cato, 34)];
const [one, two, three] = [first.join('\n'), second.join('\n'), third.join('\n')];

describe('columns of running text', () => {
  test('are read one after the other, though their lines are level', () => {
    expect(read([...column(first, 0, 0), ...column(second, 370, 0)])).toBe(`${one}\n\n${two}`);
  });

  test('are read one after the other, though their lines are not level', () => {
    expect(read([...column(first, 0, 0), ...column(second, 370, 11)])).toBe(`${one}\n\n${two}`);
  });

  test('may be three, with little more than an em between them', () => {
    const page = [...column(first, 0, 0), ...column(second, 365, 0), ...column(third, 730, 0)];
    expect(read(page)).toBe(`${one}\n\n${two}\n\n${three}`);
  });

  test('come after the headings above all of them and before the footer', () => {
    const page = [
      line('The Daily Whale reports from the sea', 100, -90, { height: 50 }),
      ...column(first, 0, 0),
      ...column(second, 370, 0),
      line('Page 12 of the Daily Whale', 250, 400),
    ];
    expect(read(page)).toBe(`The Daily Whale reports from the sea\n\n${one}\n\n${two}\n\nPage 12 of the Daily Whale`);
  });

  test('come after a header and before a footer that are in pieces', () => {
    const page = [
      line('The Daily Whale', 0, -60),
      line('12 March 1851', 500, -60),
      ...column(first, 0, 0),
      ...column(second, 370, 0),
      line('Nantucket', 0, 420),
      line('12', 690, 420),
    ];
    expect(read(page)).toBe(`The Daily Whale 12 March 1851\n\n${one}\n\n${two}\n\nNantucket 12`);
  });

  test('are read above a heading across the page before those below it', () => {
    const page = [
      ...column(first, 0, 0),
      ...column(second, 370, 0),
      line('A second story that runs across the page', 50, 320, { height: 32 }),
      ...column(third, 0, 400),
      ...column(first, 370, 400),
    ];
    const heading = 'A second story that runs across the page';
    expect(read(page)).toBe(`${one}\n\n${two}\n\n${heading}\n\n${three}\n\n${one}`);
  });

  test('keep a heading that spans two of three columns with those two', () => {
    const page = [
      line('Two columns under one heading', 20, 0, { height: 40 }),
      ...column(first, 0, 80),
      ...column(second, 370, 80),
      ...column([...third, ...third.slice(0, -1)], 740, 0),
    ];
    expect(read(page)).toBe(
      `Two columns under one heading\n\n${one}\n\n${two}\n\n${[...third, ...third.slice(0, -1)].join('\n')}`,
    );
  });

  test('may be of Chinese', () => {
    const left = ['窗前明月光疑是地上霜舉頭望明月', '低頭思故鄉床前看月光疑是地上霜', '山高月小水落石出曾日月之幾何而'];
    const right = ['江山不可復識矣予乃攝衣而上履巉', '岩披蒙茸踞虎豹登虬龍攀棲鶻之危', '巢俯馮夷之幽宮蓋二客不能從焉'];
    const cjk = { characterWidth: 1 };
    expect(read([...column(left, 0, 0, cjk), ...column(right, 340, 0, cjk)])).toBe(
      `${left.join('\n')}\n\n${right.join('\n')}`,
    );
  });

  test('may hold a numbered list', () => {
    const numbers = first.flatMap((_, index) => (index % 3 === 0 ? [line(`${index / 3 + 1}.`, 370, index * 26)] : []));
    const list = first.map((text, index) => (index % 3 === 0 ? `${index / 3 + 1}. ${text}` : text)).join('\n');
    expect(read([...column(second, 0, 0), ...numbers, ...column(first, 410, 0)])).toBe(`${two}\n\n${list}`);
  });

  test('may be beside a picture with a caption of its own', () => {
    const page = [
      ...column(first, 0, 0),
      ...column(['A whale off Nantucket,', 'seen from the ship'], 400, 220, { height: 14 }),
    ];
    expect(read(page)).toBe(`${one}\n\nA whale off Nantucket,\nseen from the ship`);
  });

  test('are not interrupted by a note in the margin', () => {
    const page = [...column(['Why he', 'goes to', 'sea'], 0, 52), ...column(first, 120, 0)];
    expect(read(page)).toBe(`Why he\ngoes to\nsea\n\n${one}`);
    const small = [...column(first, 0, 0), ...column(['a remark', 'in small type'], 400, 60, { height: 13 })];
    expect(read(small)).toBe(`${one}\n\na remark\nin small type`);
  });
});
