import { readFileSync, readdirSync } from 'node:fs';
import { parse, parseAllDocuments, stringify } from 'yaml';

/** The data of a template. */
type Data = Readonly<Record<string, unknown>>;

const folder = 'deploy/helm/copygraph';
const read = (name: string): string => readFileSync(`${folder}/${name}`, 'utf8');

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === false ||
  value === '' ||
  value === 0 ||
  (typeof value === 'object' && Object.keys(value).length === 0);

const at = (data: unknown, path: string): unknown => {
  if (path === '.') return data;
  return path
    .slice(1)
    .split('.')
    .reduce<unknown>((value, key) => {
      if (typeof value !== 'object' || value === null || !(key in value)) throw new Error(`${path} is in no value`);
      return (value as Data)[key];
    }, data);
};

const indent = (text: string, by: number): string => `\n${text.replace(/^(?=.)/gm, ' '.repeat(by))}`;

const wordsOf = (text: string): readonly string[] => text.match(/\([^)]*\)|"[^"]*"|\S+/g) ?? [];

/** A small part of Helm's language: only the features that this chart's templates use. */
const evaluate = (text: string, root: Data, dot: unknown): unknown => {
  const [first = '', ...pipes] = text.split('|').map((part) => part.trim());
  const valueOf = (word: string): unknown => {
    if (word.startsWith('(')) return evaluate(word.slice(1, -1), root, dot);
    if (word.startsWith('"')) return word.slice(1, -1);
    if (/^\d+$/.test(word)) return Number(word);
    return at(word === '.' ? dot : root, word);
  };
  const functions: Readonly<Record<string, (...values: readonly unknown[]) => unknown>> = {
    toYaml: (value) => stringify(value).trimEnd(),
    nindent: (by, value) => indent(String(value), Number(by)),
    default: (preset, value) => (isEmpty(value) ? preset : value),
    not: (value) => isEmpty(value),
    printf: (format, value) => String(format).replace('%s', String(value)),
    include: (name) => render(definition(String(name)), root, root).trim(),
  };
  const call = (part: string, ...piped: readonly unknown[]): unknown => {
    const [name = '', ...given] = wordsOf(part);
    const known = functions[name];
    if (known !== undefined) return known(...given.map(valueOf), ...piped);
    if (given.length > 0) throw new Error(`the renderer does not know ${name}`);
    return valueOf(name);
  };
  return pipes.reduce<unknown>((value, part) => call(part, value), call(first));
};

const definition = (name: string): string => {
  const [, body] =
    new RegExp(`{{- define "${name}" -}}(.*?){{- end -}}`, 's').exec(read('templates/_helpers.tpl')) ?? [];
  if (body === undefined) throw new Error(`no definition of ${name}`);
  return body;
};

/** A template with its values put in. */
const render = (template: string, root: Data, dot: unknown): string => {
  const tokens = template.replace(/\s*{{-/g, '{{').split(/({{.*?}})/);
  const walk = (from: number, shown: boolean, here: unknown): readonly [string, number] => {
    let text = '';
    for (let index = from; index < tokens.length; index += 1) {
      const token = tokens[index] ?? '';
      if (!token.startsWith('{{')) {
        if (shown) text += token;
        continue;
      }
      const inside = token.slice(2, -2).trim();
      const [, word = '', rest = ''] = /^(if|with|end)\b\s*(.*)$/.exec(inside) ?? [];
      if (word === 'end') return [text, index];
      if (word !== '') {
        const value = shown ? evaluate(rest, root, here) : null;
        const [inner, end] = walk(index + 1, shown && !isEmpty(value), word === 'with' ? value : here);
        text += inner;
        index = end;
      } else if (shown) text += String(evaluate(inside, root, here));
    }
    return [text, tokens.length];
  };
  return walk(0, true, dot)[0];
};

const merge = (base: unknown, over: unknown): unknown => {
  const isMap = (value: unknown): value is Data => typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isMap(base) || !isMap(over)) return over;
  const keys = [...new Set([...Object.keys(base), ...Object.keys(over)])];
  return Object.fromEntries(keys.map((key) => [key, key in over ? merge(base[key], over[key]) : base[key]]));
};

/** The objects that the chart makes of these values, by their kind. Each template must yield one object or none. */
export const renderChart = (values: object = {}): ReadonlyMap<string, Data> => {
  const chart: Data = parse(read('Chart.yaml'));
  const root = {
    Values: merge(parse(read('values.yaml')), values),
    Release: { Name: 'copies' },
    Chart: { AppVersion: chart['appVersion'] },
  };
  const objects = readdirSync(`${folder}/templates`)
    .filter((name) => name.endsWith('.yaml'))
    .flatMap((name) => {
      const documents = parseAllDocuments(render(read(`templates/${name}`), root, root));
      return documents.flatMap((document) => {
        if (document.errors.length > 0) throw new Error(`${name}: ${document.errors[0]?.message}`);
        const object: Data | null = document.toJS();
        return object === null ? [] : [[String(object['kind']), object] as const];
      });
    });
  return new Map(objects);
};
