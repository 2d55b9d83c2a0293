/** The kinds of ids. Each has its own numbering, so no two kinds share an id. */
type RefKind = 'copyJob' | 'backupJob' | 'recoveryPoint' | 'copy' | 'startedJob' | 'startedCopy';

/** The content of an id: turn `turn` of row `index` of the sample data. */
export interface Ref {
  readonly kind: RefKind;
  readonly index: number;
  readonly turn: number;
}

export interface Ids {
  /** 16 hexadecimal digits, as in `ami-0…`. */
  hex(ref: Ref): string;
  /** An upper-case UUID, the form of AWS Backup's job ids. */
  uuid(ref: Ref): string;
  /** Reads either form; `undefined` for an id that was not made here. */
  read(text: string): Ref | undefined;
  /** A pseudo-random number for sorting: unrelated to time, but always the same. */
  order(ref: Ref): number;
}

const kinds: readonly RefKind[] = ['copyJob', 'backupJob', 'recoveryPoint', 'copy', 'startedJob', 'startedCopy'];
const indexBits = 28;
const rounds = 6;

const mix = (value: number): number => {
  let mixed = Math.imul(value ^ (value >>> 16), 0x7feb352d);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b);
  return (mixed ^ (mixed >>> 16)) >>> 0;
};

const hexOf = (word: number): string => word.toString(16).padStart(8, '0');

/**
 * Ids that seem random, as real ones do, but can be decoded: a small Feistel network with `key`. So describing a job needs
 * no table of all jobs.
 */
export const createIds = (key: number): Ids => {
  const stir = (word: number, round: number): number => mix((word + mix(key + Math.imul(round + 1, 0x9e3779b9))) | 0);

  const hide = ({ kind, index, turn }: Ref): readonly [number, number] => {
    let left = ((kinds.indexOf(kind) << indexBits) | index) >>> 0;
    let right = turn >>> 0;
    for (let round = 0; round < rounds; round += 1) [left, right] = [right, (left ^ stir(right, round)) >>> 0];
    return [left, right];
  };

  const show = (high: number, low: number): Ref | undefined => {
    let left = high;
    let right = low;
    for (let round = rounds - 1; round >= 0; round -= 1) [left, right] = [(right ^ stir(left, round)) >>> 0, left];
    const kind = kinds[left >>> indexBits];
    return kind === undefined ? undefined : { kind, index: left & (2 ** indexBits - 1), turn: right };
  };

  const hex = (ref: Ref): string => hide(ref).map(hexOf).join('');

  const uuid = (ref: Ref): string => {
    const [high, low] = hide(ref);
    // The second half is a one-way mix of the first, so that a guessed id is recognized.
    const digits = [high, low, stir(high ^ low, 97), stir(high + low, 98)].map(hexOf).join('').toUpperCase();
    return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  };

  return {
    hex,
    uuid,
    read: (text) => {
      const digits = text.replaceAll('-', '');
      if (!/^([0-9a-f]{16}|[0-9a-f]{32})$/i.test(digits)) return undefined;
      const ref = show(Number.parseInt(digits.slice(0, 8), 16), Number.parseInt(digits.slice(8, 16), 16));
      const written = ref && (digits.length === 16 ? hex(ref) : uuid(ref));
      return written?.toLowerCase() === text.toLowerCase() ? ref : undefined;
    },
    order: (ref) => {
      const [high, low] = hide(ref);
      return high * 2 ** 20 + (low >>> 12);
    },
  };
};
