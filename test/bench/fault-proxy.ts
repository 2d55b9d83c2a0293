import { request } from 'node:http';
import { type Fault, type Raw, type Vendor, faults } from '../outages/faults.js';
import { type Fake, type Seen, startFake } from '../support/fake.js';

export interface FaultProxy extends Fake {
  /** How often each fault was played, by its name. */
  readonly played: Readonly<Record<string, number>>;
}

/** Numbers from 0 to 1, always the same ones for a seed (mulberry32). */
export const createRandom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** Passes a request on as it came; the Host header too, since AWS's signature covers it. */
const passOn = (target: string, { body }: Seen, { request: incoming, response }: Raw): null => {
  const onward = request(
    `${target}${incoming.url}`,
    { method: incoming.method, headers: incoming.headers },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    },
  );
  response.once('close', () => onward.destroy());
  onward.once('error', () => response.destroy());
  onward.end(body);
  return null;
};

/** A proxy before an upstream. It plays one of the matrix's faults on a random part of the calls. */
export const startFaultProxy = async (
  vendor: Vendor,
  target: string,
  { part, random }: { readonly part: number; readonly random: () => number },
): Promise<FaultProxy> => {
  const own: readonly Fault[] = faults.filter(({ only = vendor }) => only === vendor);
  const played: Record<string, number> = {};
  const proxy = await startFake((seen, raw) => {
    const usual = (): null => passOn(target, seen, raw);
    const fault = random() < part ? own[Math.floor(random() * own.length)] : undefined;
    if (fault === undefined) return usual();
    played[fault.name] = (played[fault.name] ?? 0) + 1;
    return fault.does(seen, raw, usual);
  });
  return { ...proxy, played };
};
