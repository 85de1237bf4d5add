import { describe, expect, it } from 'vitest';
import { trustProxy } from '../../config/network.ts';
import { ConnectionLimits, type Limited } from './connection-limits.ts';

type State = 'unused' | 'arriving' | 'stalled' | 'busy';

class FakeConnection implements Limited {
  state: State;
  ended = false;
  constructor(state: State) {
    this.state = state;
  }
  get isUnused(): boolean {
    return this.state === 'unused';
  }
  get isArriving(): boolean {
    return this.state === 'arriving';
  }
  get isStalled(): boolean {
    return this.state === 'stalled';
  }
  destroy(): void {
    this.ended = true;
  }
}

function limits(maxConnections: number, proxies = 'false') {
  const all = new ConnectionLimits({ maxConnections, trustProxy: trustProxy(proxies) ?? false });
  const open = (address: string, state: State = 'busy') => {
    const connection = new FakeConnection(state);
    return { taken: all.add(connection, address), connection, close: () => all.remove(connection, address) };
  };
  return { all, open };
}

describe('An address', () => {
  it('may have half of all connections, IPv6 by its network', () => {
    const { open } = limits(4);
    expect([1, 2, 3].map(() => open('192.0.2.1').taken)).toEqual([true, true, false]);
    expect(['1', '2', '3'].map((host) => open(`2001:db8::${host}`).taken)).toEqual([true, true, false]);
  });

  it('at its share gets a connection for one that it does not use', () => {
    const { open, all } = limits(4);
    const busy = open('192.0.2.1');
    const unused = open('192.0.2.1', 'unused');
    expect(open('192.0.2.1').taken).toBe(true);
    expect([busy.connection.ended, unused.connection.ended]).toEqual([false, true]);
    // Its end comes later.
    unused.close();
    expect(all.open).toBe(2);
  });

  it('of a proxy has no share, nor has the peer of a unix socket', () => {
    for (const { open } of [limits(4, '10.0.0.0/8, loopback'), limits(4, 'true')]) {
      expect([1, 2, 3, 4].map(() => open('::ffff:10.0.0.1').taken)).toEqual([true, true, true, true]);
    }
    const { open } = limits(4);
    expect([1, 2, 3, 4].map(() => open('').taken)).toEqual([true, true, true, true]);
  });
});

describe('When all connections are taken', () => {
  it('the oldest unused one of the address that has most gives way', () => {
    const { open, all } = limits(5);
    const few = open('192.0.2.1', 'unused');
    const more = [open('192.0.2.2'), open('192.0.2.2', 'unused'), open('192.0.2.2', 'unused')];
    open('192.0.2.3');
    expect(open('192.0.2.4').taken).toBe(true);
    expect(more.map(({ connection }) => connection.ended)).toEqual([false, true, false]);
    expect(few.connection.ended).toBe(false);
    expect(all.open).toBe(5);
  });

  it('one that is still arriving gives way to an address that has fewer, and to no other', () => {
    const { open } = limits(4);
    const arriving = [open('192.0.2.1', 'arriving'), open('192.0.2.1', 'arriving')];
    open('192.0.2.2');
    open('192.0.2.3');
    expect(open('192.0.2.2').taken).toBe(false);
    expect(open('192.0.2.4').taken).toBe(true);
    expect(arriving.map(({ connection }) => connection.ended)).toEqual([true, false]);
  });

  it('an unused one gives way also where the address that has most uses all of its own', () => {
    const { open } = limits(4);
    const most = [open('192.0.2.1'), open('192.0.2.1', 'stalled')];
    open('192.0.2.2');
    const unused = open('192.0.2.3', 'unused');
    expect(open('192.0.2.4').taken).toBe(true);
    expect([...most, unused].map(({ connection }) => connection.ended)).toEqual([false, false, true]);
  });

  it('one whose response is not read gives way like one that is still arriving', () => {
    const { open } = limits(4);
    const most = [open('192.0.2.1'), open('192.0.2.1')];
    const stalled = [open('192.0.2.2', 'stalled'), open('192.0.2.2', 'stalled')];
    expect(open('192.0.2.2').taken).toBe(false);
    expect(open('192.0.2.3').taken).toBe(true);
    expect([...most, ...stalled].map(({ connection }) => connection.ended)).toEqual([false, false, true, false]);
  });

  it('busy ones stay, and who comes is refused until one has closed', () => {
    const { open } = limits(2);
    const first = open('192.0.2.1');
    open('192.0.2.2');
    expect(open('192.0.2.3').taken).toBe(false);
    first.close();
    first.close();
    expect(open('192.0.2.3').taken).toBe(true);
    expect(open('192.0.2.4').taken).toBe(false);
  });
});
