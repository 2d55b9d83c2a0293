import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect } from 'vitest';
import { type AccountHolds, startAwsBackup } from './aws-backup.js';
import { closing } from './closing.js';
import { type ClusterHolds, startCohesity } from './cohesity.js';
import { type Double, type Fake, type Reply, awsBackupAt, cohesityAt } from './fake.js';
import { type Answer, type Gateway, type GatewayOptions, startGateway } from './gateway.js';
import { until } from './until.js';

/** A query under way whose caller can go. */
export interface UnderWay {
  /** Its answer; rejects when the caller has gone. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a hand-written query has no type; assertions are the check
  readonly answer: Promise<Pick<Answer<any>, 'data' | 'errors'>>;
  leave(): void;
}

export interface Gated extends Gateway {
  readonly cohesity: Fake;
  readonly aws: Fake;
  /** The paths of requests whose connection the gateway has closed before they were answered. */
  readonly closed: readonly string[];
  /** Sends a query, and does not wait. */
  ask(query: string): UnderWay;
  /** Resolves when the gateway has begun all that was asked of it, and noticed who has gone. */
  settled(): Promise<void>;
  /** Answers the request that waits longest, or all that wait and all that come. */
  releaseOne(): void;
  release(): void;
}

export interface GatedOptions {
  readonly cohesity?: ClusterHolds;
  readonly aws?: AccountHolds;
  /** The answer of both instead of their content. */
  readonly refusal?: Reply;
  readonly limits?: GatewayOptions['limits'];
  readonly cache?: GatewayOptions['cache'];
  readonly maxConcurrent?: number;
}

/** The gateway over both products, whose answers wait until the test lets them go. */
export const startGated = async (options: GatedOptions): Promise<Gated> => {
  const waiting: (() => void)[] = [];
  const closed: string[] = [];
  let isOpen = false;
  const gate: Double['before'] = async (seen, { response }) => {
    response.on('close', () => {
      if (!response.writableFinished) closed.push(seen.path);
    });
    if (!isOpen) await new Promise<void>((resolve) => waiting.push(resolve));
    return options.refusal;
  };
  const cohesity = closing(await startCohesity(options.cohesity));
  const aws = closing(await startAwsBackup(options.aws));
  cohesity.before = gate;
  aws.before = gate;
  const { limits = {}, cache, maxConcurrent = 8 } = options;
  const gateway = await startGateway({
    upstreams: [cohesityAt(cohesity), { ...awsBackupAt(aws), maxConcurrent }],
    limits,
    ...(cache === undefined ? {} : { cache }),
  });
  // A caller that left may leave behind a connection without requests; the test does not wait for it.
  closing({ close: () => gateway.close(0) });

  let [sent, arrived] = [0, 0];
  const count = (message: unknown): void => {
    const { request } = message as { readonly request: { readonly url?: string } }; // as Node's documentation has it
    if (request.url === '/graphql') arrived += 1;
  };
  subscribe('http.server.request.start', count);
  closing({ close: () => Promise.resolve(void unsubscribe('http.server.request.start', count)) });
  const execute: Gateway['execute'] = (...query) => {
    sent += 1;
    return gateway.execute(...query);
  };

  return {
    ...gateway,
    execute,
    cohesity,
    aws,
    closed,
    ask: (query) => {
      sent += 1;
      const controller = new AbortController();
      const answer = fetch(gateway.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
        signal: controller.signal,
      }).then(async (response) => {
        const { data, errors = [] } = JSON.parse(await response.text());
        return { data, errors };
      });
      answer.catch(() => undefined); // a test that lets the caller go does not wait for it
      return { answer, leave: () => controller.abort() };
    },
    settled: async () => {
      await until(() => expect(arrived).toBe(sent));
      // Requests that have arrived are read and begun before these are answered, because these came later.
      for (let turn = 0; turn < 5; turn += 1) await execute('{ upstreams { id } }');
    },
    releaseOne: () => waiting.shift()?.(),
    release: () => {
      isOpen = true;
      waiting.splice(0).forEach((go) => go());
    },
  };
};
