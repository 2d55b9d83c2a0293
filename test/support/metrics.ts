type Labels = Readonly<Record<string, string>>;

const sample = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/;
const label = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;

const keyOf = (name: string, labels: Labels): string => JSON.stringify([name, Object.entries(labels).sort()]);

/** Reads the Prometheus text format; throws for a line that is none of it. Yields the value of one series. */
export const parseMetrics = (text: string): ((name: string, labels?: Labels) => number | undefined) => {
  const values = new Map<string, number>();
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('# HELP ') || line.startsWith('# TYPE ')) continue;
    const [, name, inside = '', written = ''] = sample.exec(line) ?? [];
    const value = /^[+-]?Inf$/.test(written) ? Infinity : Number(written);
    if (name === undefined || (Number.isNaN(value) && !/^nan$/i.test(written)))
      throw new Error(`not a metric: ${line}`);
    const labels = Object.fromEntries([...inside.matchAll(label)].map(([, key = '', told = '']) => [key, told]));
    values.set(keyOf(name, labels), value);
  }
  return (name, labels = {}) => values.get(keyOf(name, labels));
};
