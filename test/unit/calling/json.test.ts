import fc from 'fast-check';
import { stringify } from 'lossless-json';
import { describe, expect, it, vi } from 'vitest';
import { MOST_TEXT, OVERSIZE, parseElements, parseJson } from '../../../src/calling/json.js';
import { countTurns } from '../../support/turns.js';

const integer = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });

/** Whether no integer in it is beyond 2^53: of those, JSON.parse knows no better. */
const isWithinDoubles = (value: unknown): boolean => !/(?<![.\d])\d{16,}(?![.\de])/.test(JSON.stringify(value));

/** Any JSON, without numbers that are written with more digits than an integer may have. */
const anyJson = fc.jsonValue().filter((value) => !/\d{21}/.test(JSON.stringify(value)));

describe('JSON without loss', () => {
  it('keeps every 64-bit integer', () => {
    fc.assert(
      fc.property(fc.array(integer), (integers) => {
        const parsed = parseJson(`[${integers.join(',')}]`);
        expect(Array.isArray(parsed) && parsed.map(BigInt)).toEqual(integers);
      }),
    );
  });

  it.each<readonly [string, unknown]>([
    ['9007199254740991', 9_007_199_254_740_991],
    ['9007199254740992', 9_007_199_254_740_992n],
    ['9007199254740993', 9_007_199_254_740_993n],
    ['-9007199254740993', -9_007_199_254_740_993n],
    ['18446744073709551615', 18_446_744_073_709_551_615n],
    ['1714528800123456', 1_714_528_800_123_456],
    ['0.12345678901234567', Number('0.12345678901234567')],
    ['1e300', 1e300],
    ['"9007199254740993"', '9007199254740993'],
    ['"\\"9007199254740993"', '"9007199254740993'],
    ['{"9007199254740993":9007199254740993}', { '9007199254740993': 9_007_199_254_740_993n }],
    [
      '[1.9007199254740993,1e-9007199254740993,9007199254740993e-1]',
      [Number('1.9007199254740993'), 0, Number('9007199254740993e-1')],
    ],
    [
      '{"deep":[{"id":9007199254740993}],"n":1.5,"z":null,"t":true}',
      { deep: [{ id: 9_007_199_254_740_993n }], n: 1.5, z: null, t: true },
    ],
  ])('reads %s', (text, expected) => {
    expect(parseJson(text)).toEqual(expected);
  });

  it('reads anything else as JSON.parse does, beside a large integer too', () => {
    fc.assert(
      fc.property(fc.jsonValue().filter(isWithinDoubles), (value) => {
        const text = JSON.stringify(value);
        expect(parseJson(text)).toEqual(JSON.parse(text));
        expect(parseJson(`[9007199254740993,${text}]`)).toEqual([9_007_199_254_740_993n, JSON.parse(text)]);
      }),
    );
  });

  it('keeps large integers whatever stands around them', () => {
    const tree = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        integer,
        fc.string(),
        fc.double({ noNaN: true }),
        fc.constant(null),
        tie('list'),
        tie('object'),
      ),
      list: fc.array(tie('value')),
      object: fc.dictionary(fc.string(), tie('value')),
    })).value;
    const numbers = (value: unknown): unknown =>
      JSON.parse(JSON.stringify(value, (_name, one: unknown) => (typeof one === 'bigint' ? `big ${one}` : one)));
    fc.assert(
      fc.property(tree, (value) => {
        const text = stringify(value) ?? '';
        if (/\d{21}/.test(text)) return;
        // Small ones are numbers again, so both are compared as what they are worth.
        const small = (one: unknown) => JSON.stringify(numbers(one)).replaceAll(/"big (-?\d+)"/g, '$1');
        expect(small(parseJson(text))).toBe(small(value));
      }),
    );
  });

  it('writes back what it read', () => {
    const text = '{"a":9007199254740993,"b":[1,"x",null]}';
    expect(stringify(parseJson(text))).toBe(text);
  });

  it.each([
    '',
    '{',
    '[1,]',
    '<html>',
    '{"a":1}x',
    '[9007199254740993',
    '90071992547409931 2',
    'nul',
    '"\u0000"',
    '{9007199254740993:1}',
    '09007199254740993',
    '9007199254740993"x"',
    '"9007199254740993',
    `[${'9'.repeat(21)}]`,
    '9'.repeat(100_000),
  ])('refuses what is not JSON: %j', (text) => {
    expect(() => parseJson(text)).toThrow(SyntaxError);
  });

  it('takes the last of a member that comes twice, whether large integers are near or not', () => {
    expect(parseJson('{"a":1,"a":2}')).toEqual({ a: 2 });
    expect(parseJson('{"a":1,"a":2,"n":9007199254740993}')).toEqual({ a: 2, n: 9_007_199_254_740_993n });
    expect(parseJson('{"a":9007199254740993,"a":null}')).toEqual({ a: null });
  });

  it('makes no prototype of a member’s name', () => {
    for (const text of ['{"__proto__":{"polluted":1}}', '{"__proto__":{"polluted":1},"n":9007199254740993}']) {
      const parsed = parseJson(text);
      expect(Object.keys(Object(parsed))[0]).toBe('__proto__');
      expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype);
    }
  });
});

describe('the elements of a JSON array', () => {
  const elementsOf = async (text: string, size = 7): Promise<unknown> => {
    const pieces = async function* () {
      for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
    };
    try {
      const elements: unknown[] = [];
      for await (const element of parseElements(pieces())) elements.push(element);
      return elements;
    } catch (error) {
      expect(error).toBeInstanceOf(SyntaxError);
      return 'refused';
    }
  };

  const wholeOf = (text: string): unknown => {
    try {
      const whole = parseJson(text);
      return Array.isArray(whole) ? whole : 'refused';
    } catch {
      return 'refused';
    }
  };

  const space = fc.constantFrom(undefined, 1, '\t');

  it('are those that the array has when it is read whole, wherever its text is cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyJson), space, fc.integer({ min: 1, max: 40 }), async (value, gap, size) => {
        const text = ` ${JSON.stringify(value, null, gap)}\n`;
        expect(await elementsOf(text, size)).toEqual(wholeOf(text));
      }),
    );
  });

  it('are refused exactly where the whole is, however a text is damaged', async () => {
    const damage = fc.constantFrom('', '[', ']', '{', '}', ',', '"', '\\', ':', '1', ' ', '9007199254740993');
    const values = fc.array(anyJson, { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(values, fc.nat(), fc.nat(2), damage, async (value, place, cut, by) => {
        const text = JSON.stringify(value);
        const at = place % (text.length + 1);
        const damaged = text.slice(0, at) + by + text.slice(at + cut);
        const found = await elementsOf(damaged);
        // An element that is too large is not parsed, so nobody sees other faults in it.
        fc.pre(!(Array.isArray(found) && found.includes(OVERSIZE)));
        expect(found).toEqual(wholeOf(damaged));
      }),
      { numRuns: 3000 },
    );
  });

  it('are exact beyond 2^53, each by itself', async () => {
    expect(await elementsOf('[1, 9007199254740993, {"id": 9007199254740993}]')).toEqual([
      1,
      9_007_199_254_740_993n,
      { id: 9_007_199_254_740_993n },
    ]);
  });

  const large = `{"text":"${'x'.repeat(MOST_TEXT)}"}`;
  const many = `{${Array.from({ length: 50_000 }, (_, index) => `"k${index}":1`).join()}}`;
  it.each([
    ['with more text than is parsed at once', large],
    ['with more members than are parsed at once', many],
    ['with an integer of a thousand digits', `{"n":${'7'.repeat(1000)}}`],
    ['that is such an integer', '7'.repeat(MOST_TEXT + 1)],
    ['that is such a string', `"\\"${'7'.repeat(MOST_TEXT + 1)}"`],
  ])('go on behind one %s, which is told as such', async (_what, element) => {
    expect(await elementsOf(`[1,${element},{"a":2}]`, 65_536)).toEqual([1, OVERSIZE, { a: 2 }]);
    expect(await elementsOf(`[${element}]`, 65_536)).toEqual([OVERSIZE]);
    expect(await elementsOf(`[1,${element}`, 65_536)).toBe('refused');
  });

  it('are looked at once each, however small the pieces are that the text comes in', async () => {
    const lookedAt = async (length: number): Promise<number> => {
      const read = vi.spyOn(String.prototype, 'charCodeAt');
      await elementsOf(`["${'x'.repeat(length)}"]`, 16);
      const looked = read.mock.calls.length;
      read.mockRestore();
      return looked;
    };
    const [one, two] = [await lookedAt(20_000), await lookedAt(40_000)];
    expect(two / one).toBeLessThan(2.1);
  });

  it('leave turns of the event loop for other work', async () => {
    const text = `[${Array.from({ length: 20 }, () => `{"text":"${'x'.repeat(500_000)}"}`).join()}]`;
    const { turns } = await countTurns(async () => {
      let elements = 0;
      const pieces = async function* () {
        yield text;
      };
      for await (const _element of parseElements(pieces())) {
        elements += 1;
        const began = performance.now();
        while (performance.now() - began < 12); // as long as mapping it might take
      }
      expect(elements).toBe(20);
    });
    expect(turns).toBeGreaterThanOrEqual(19);
  });
});
