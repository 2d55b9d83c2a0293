/** One window of load. */
export interface Row {
  readonly mode: string;
  readonly server: string;
  readonly operation: string;
  readonly perSecond: number;
  readonly p50: number; // milliseconds
  readonly p99: number;
  readonly cpuMs: number; // of the server, for each operation
  readonly requests: number; // upstream, for each operation
  readonly megabytes: number;
  readonly others: number; // cores that other work on the machine used meanwhile
}

const sorted = (values: readonly number[]): readonly number[] => [...values].sort((a, b) => a - b);

export const median = (values: readonly number[]): number => {
  const all = sorted(values);
  const [low = 0, high = 0] = [all[Math.floor((all.length - 1) / 2)], all[Math.ceil((all.length - 1) / 2)]];
  return (low + high) / 2;
};

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/**
 * The ratios of one server to another, window by window of the same round: the median, and the least and the most of
 * them, which is the noise.
 */
const ratios = (ours: readonly Row[], theirs: readonly Row[], of: (row: Row) => number): string => {
  const all = ours.flatMap((row, round) => theirs.slice(round, round + 1).map((other) => of(row) / of(other)));
  const [least = 0, most = 0] = [Math.min(...all), Math.max(...all)];
  return `${median(all).toFixed(2)} (${least.toFixed(2)}–${most.toFixed(2)})`;
};

/** On a machine that others use, operations for each second of the server's own CPU time are the better figure. */
const measures: readonly (readonly [string, (row: Row) => number])[] = [
  ['rate', ({ perSecond }) => perSecond],
  ['by CPU time', ({ cpuMs }) => 1 / cpuMs],
];

const serversIn = (rows: readonly Row[]): readonly string[] => [...new Set(rows.map(({ server }) => server))];

const tableOf = (rows: readonly Row[], mode: string, ours: string): readonly string[] => {
  const inMode = rows.filter((row) => row.mode === mode);
  const of = (server: string, operation: string) =>
    inMode.filter((row) => row.server === server && row.operation === operation);
  const operations = [...new Set(inMode.map(({ operation }) => operation))];
  const peers = serversIn(inMode).filter((server) => server !== ours);
  const against = peers.flatMap((peer) =>
    measures.map(([name, measure]) => [
      `${ours} / ${peer}, ${name}`,
      ...operations.map((operation) => ratios(of(ours, operation), of(peer, operation), measure)),
    ]),
  );
  const figures = serversIn(inMode).map((server) => [
    server,
    ...operations.map((operation) => {
      const all = of(server, operation);
      const cell = (pick: (row: Row) => number, digits: number) => median(all.map(pick)).toFixed(digits);
      const [rate, p50, p99] = [cell((row) => row.perSecond, 0), cell((row) => row.p50, 1), cell((row) => row.p99, 1)];
      return `${rate}/s, ${p50} and ${p99} ms, ${cell((row) => row.cpuMs, 2)} ms CPU, ${cell((row) => row.requests, 2)} req`;
    }),
  ]);
  const rule = ['---', ...operations.map(() => '---')];
  return [
    line([`${mode} operations`, ...operations]),
    line(rule),
    ...against.map(line),
    '',
    line(['median: rate, p50 and p99, CPU time and upstream requests for each', ...operations]),
    line(rule),
    ...figures.map(line),
    '',
  ];
};

/** Tables in Markdown: ratios first, since the rates are those of one machine on one day. */
export const report = (rows: readonly Row[], ours: string): string => {
  const others = rows.map((row) => row.others);
  const memory = serversIn(rows).map((server) => {
    const most = Math.max(...rows.filter((row) => row.server === server).map(({ megabytes }) => megabytes));
    return `${server} ${most} MB`;
  });
  return [
    ...[...new Set(rows.map(({ mode }) => mode))].flatMap((mode) => tableOf(rows, mode, ours)),
    `Most memory: ${memory.join(', ')}.`,
    `Other work on the machine: ${median(others).toFixed(2)} cores in the median window, ${Math.max(...others).toFixed(2)} at most.`,
    '',
  ].join('\n');
};
