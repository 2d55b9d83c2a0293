import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { readDescription, type Json, type Operation, type Pointer } from './description.js';

/** One request and its answer, as they were on the wire. Status 0: the connection broke before an answer. */
export interface Exchange {
  readonly method: string;
  /** Path and query, as sent. */
  readonly url: string;
  readonly requestHeaders: Readonly<Record<string, string | undefined>>;
  readonly requestBody: string;
  readonly status: number;
  readonly responseHeaders: Readonly<Record<string, string | undefined>>;
  readonly responseBody: string;
}

/** Says where an exchange leaves the vendor's description; an empty list is a good exchange. */
export interface Contract {
  checkRequest(exchange: Exchange): string[];
  checkResponse(exchange: Exchange): string[];
  operationOf(exchange: Exchange): string | undefined;
}

/** Percent-decoded, or undefined where that cannot be done. */
const decoded = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
};

/** The value in a parameter's text; if it does not fit the type, the text itself, which the schema then refuses. */
const typed = (text: string, type: Json | undefined): Json => {
  if (type === 'integer') return /^-?\d+$/.test(text) ? Number(text) : text;
  if (type === 'number') return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
  if (type === 'boolean') return text === 'true' || text === 'false' ? text === 'true' : text;
  return text;
};

const mediaType = (headers: Exchange['requestHeaders']): string | undefined =>
  Object.entries(headers)
    .find(([name]) => name.toLowerCase() === 'content-type')?.[1]
    ?.split(';')[0]
    ?.trim()
    .toLowerCase();

export const createContract = (vendor: 'cohesity' | 'aws-backup'): Contract => {
  const { document, at, textAt, keysAt, target, find } = readDescription(vendor);

  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv);
  // The stock `int64` takes any whole number. Parsed as a double, one beyond 2^53 is rounded and still a whole number.
  ajv.addFormat('int64', { type: 'number', validate: (n: number) => Number.isInteger(n) && Math.abs(n) <= 2 ** 63 });
  ajv.addSchema({ ...document, $id: vendor });

  const validate = (pointer: Pointer, value: unknown, label: string): string[] => {
    const keys = pointer.map((key) => encodeURIComponent(String(key).replaceAll('~', '~0').replaceAll('/', '~1')));
    const check = ajv.getSchema(`${vendor}#/${keys.join('/')}`);
    if (check === undefined) throw new Error(`${vendor} has no schema at ${pointer.join('/')}`);
    if (check(value) === true) return [];
    const say = ({ instancePath, message, params }: ErrorObject) =>
      `${label}${instancePath} ${message}${Object.keys(params).length > 0 ? ` ${JSON.stringify(params)}` : ''}`;
    return [...new Set((check.errors ?? []).map(say))];
  };

  const parametersOf = ({ at: here }: Operation) =>
    [here.slice(0, 2), here]
      .flatMap((owner) => keysAt([...owner, 'parameters']).map((index) => target([...owner, 'parameters', index])))
      .map((pointer) => ({
        name: textAt([...pointer, 'name']) ?? '',
        place: textAt([...pointer, 'in']) ?? '',
        required: at([...pointer, 'required']) === true,
        schema: target([...pointer, 'schema']),
      }));
  type Parameter = ReturnType<typeof parametersOf>[number];

  const checkValue = ({ name, place, schema }: Parameter, raw: string): string[] => {
    const value = decoded(place === 'query' ? raw.replaceAll('+', ' ') : raw);
    const label = `${place} parameter ${name}`;
    if (place === 'path' && /^\.\.?$/.test(value ?? '')) return [`${label} is a step in the path: ${raw}`];
    if (value === undefined) return [`${label} is not percent-encoded: ${raw}`];
    if (textAt([...schema, 'type']) !== 'array') return validate(schema, typed(value, at([...schema, 'type'])), label);
    // style: form, explode: false. Clients differ in whether they encode the comma, and servers split after decoding.
    const type = at([...target([...schema, 'items']), 'type']);
    const items = value.split(',');
    const empty = items.includes('') ? [`${label} has an empty item`] : [];
    return [
      ...empty,
      ...validate(
        schema,
        items.map((item) => typed(item, type)),
        label,
      ),
    ];
  };

  const checkQuery = (url: string, parameters: readonly Parameter[]): string[] => {
    const query = url.includes('?') ? url.slice(url.indexOf('?') + 1) : '';
    const sent = query
      .split('&')
      .filter((pair) => pair !== '')
      .map((pair) => ({ name: decoded(pair.split('=')[0] ?? ''), raw: pair.split('=').slice(1).join('=') }));
    const seen = new Set<string | undefined>();
    const problems = sent.flatMap(({ name, raw }) => {
      const parameter = parameters.find((each) => each.place === 'query' && each.name === name);
      if (parameter === undefined) return [`query parameter ${name} is not described`];
      if (seen.has(name)) return [`query parameter ${name} is there twice`];
      seen.add(name);
      return checkValue(parameter, raw);
    });
    const missing = parameters.filter(({ place, required, name }) => place === 'query' && required && !seen.has(name));
    return [...problems, ...missing.map(({ name }) => `query parameter ${name} is missing`)];
  };

  const checkHeader = (parameter: Parameter, headers: Exchange['requestHeaders']): string[] => {
    const found = Object.entries(headers).find(([name]) => name.toLowerCase() === parameter.name.toLowerCase());
    if (found?.[1] !== undefined) {
      return validate(parameter.schema, typed(found[1], at([...parameter.schema, 'type'])), `header ${parameter.name}`);
    }
    return parameter.required ? [`header ${parameter.name} is missing`] : [];
  };

  /** A body against the `content` of its description. */
  const checkBody = (content: Pointer, headers: Exchange['requestHeaders'], body: string, label: string): string[] => {
    const described = keysAt(content);
    const type = mediaType(headers);
    if (type === undefined || !described.includes(type))
      return [`${label} has the content type ${type ?? '(none)'} instead of ${described.join(' or ')}`];
    try {
      return validate([...content, type, 'schema'], JSON.parse(body), label);
    } catch (error) {
      if (error instanceof SyntaxError) return [`${label} is not JSON`];
      throw error;
    }
  };

  const checkRequestBody = (operation: Operation, exchange: Exchange): string[] => {
    const described = target([...operation.at, 'requestBody']);
    const { requestHeaders, requestBody } = exchange;
    if (at(described) === undefined) return requestBody === '' ? [] : ['request body is unexpected'];
    if (requestBody === '') return at([...described, 'required']) === true ? ['request body is missing'] : [];
    return checkBody([...described, 'content'], requestHeaders, requestBody, 'request body');
  };

  return {
    operationOf: (exchange) => {
      const found = find(exchange.method, exchange.url);
      return typeof found === 'string' ? undefined : found.id;
    },
    checkRequest: (exchange) => {
      const found = find(exchange.method, exchange.url);
      if (typeof found === 'string') return [found];
      const parameters = parametersOf(found);
      const path = parameters.filter(({ place }) => place === 'path');
      const header = parameters.filter(({ place }) => place === 'header');
      return [
        ...path.flatMap((parameter) => checkValue(parameter, found.pathParameters.get(parameter.name) ?? '')),
        ...checkQuery(exchange.url, parameters),
        ...header.flatMap((parameter) => checkHeader(parameter, exchange.requestHeaders)),
        ...checkRequestBody(found, exchange),
      ];
    },
    checkResponse: (exchange) => {
      const { status, responseHeaders, responseBody } = exchange;
      const found = find(exchange.method, exchange.url);
      if (typeof found === 'string') return [found];
      if (status === 0) return [];
      const described = keysAt([...found.at, 'responses']);
      const key = [`${status}`, `${Math.floor(status / 100)}XX`, 'default'].find((each) => described.includes(each));
      if (key === undefined) return [`status ${status} of ${found.id} is not described`];
      const content = [...target([...found.at, 'responses', key]), 'content'];
      const label = `response ${status} body`;
      if (at(content) === undefined) return responseBody === '' ? [] : [`${label} is unexpected`];
      if (responseBody === '') return [`${label} is missing`];
      return checkBody(content, responseHeaders, responseBody, label);
    },
  };
};
