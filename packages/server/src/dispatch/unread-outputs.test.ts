import { expect, it } from 'vitest';
import { UnreadOutputs } from './unread-outputs.ts';

it('when there is no room for more, the response whose client has read nothing for the longest time is ended', () => {
  const outputs = new UnreadOutputs(100);
  const ended: string[] = [];
  const open = (name: string, bytes: number) => {
    const unread = outputs.open(() => ended.push(name));
    unread.add(bytes);
    return unread;
  };
  const first = open('first', 40);
  const second = open('second', 40);
  first.read(0);
  open('third', 40);
  expect([ended, outputs.heldBytes]).toEqual([['second'], 80]);
  second.add(50);
  second.read(40);
  first.read(30);
  expect(outputs.heldBytes).toBe(50);
  open('fourth', 90);
  expect([ended, outputs.heldBytes]).toEqual([['second', 'third'], 100]);
  first.close();
  first.close();
  expect(outputs.heldBytes).toBe(90);
});

it('one response alone may be larger, and only what holds anything is ended', () => {
  const outputs = new UnreadOutputs(100);
  const ended: string[] = [];
  outputs.open(() => ended.push('empty'));
  const large = outputs.open(() => ended.push('large'));
  large.add(150);
  expect(ended).toEqual([]);
  outputs.open(() => ended.push('small')).add(1);
  expect([ended, outputs.heldBytes]).toEqual([['large'], 1]);
});
