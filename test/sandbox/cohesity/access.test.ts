import { describe, expect, it } from 'vitest';
import { cohesitySandboxCredentials, startCohesitySandbox } from '../../../src/sandbox/cohesity/server.js';
import { hourMs, moments, v1, v2, withPlayed } from './harness.js';

const { username, password, apiKey } = cohesitySandboxCredentials;
const paths = [`${v1}/accessTokens`, '/v2/access-tokens'];

const login = (url: string, path: string, body: unknown) =>
  fetch(`${url}${path}`, { method: 'POST', body: JSON.stringify(body) });

describe('who may call', () => {
  it.each(paths)('gives a bearer token at %s that is good for a day', async (path) => {
    await withPlayed({}, async ({ sandbox, clock }) => {
      const answer = await login(sandbox.url, path, { username, password, domain: 'local' });
      expect(answer.status).toBe(201);
      const { accessToken, tokenType } = (await answer.json()) as Readonly<Record<string, string>>;
      expect(tokenType).toBe('Bearer');
      const read = () => fetch(`${sandbox.url}${v1}/cluster`, { headers: { authorization: `Bearer ${accessToken}` } });
      expect((await read()).status).toBe(200);
      clock.ms += 24 * hourMs - 1;
      expect((await read()).status).toBe(200);
      clock.ms += 1;
      const late = await read();
      expect([late.status, await late.json()]).toEqual([
        401,
        { errorCode: 'KStatusUnauthorized', message: expect.stringContaining('Token expired') },
      ]);
    });
  });

  it.each(paths)('refuses a wrong password at %s', async (path) => {
    await withPlayed({}, async ({ sandbox }) => {
      for (const body of [
        { username, password: 'no' },
        { username },
        { username, password, domain: 'corp.example' },
        [],
        { username, password, colour: 1 },
      ]) {
        const answer = await login(sandbox.url, path, body);
        expect([answer.status, await answer.json()]).toEqual([
          400,
          { errorCode: 'KValidationError', message: expect.any(String) },
        ]);
      }
    });
  });

  it('refuses a call without credentials, and takes the API key however the header is spelled', async () => {
    await withPlayed({}, async ({ sandbox }) => {
      const read = async (headers: Readonly<Record<string, string>>) => {
        const answer = await fetch(`${sandbox.url}${v1}/cluster`, { headers });
        return [answer.status, ((await answer.json()) as Readonly<Record<string, unknown>>)['errorCode']];
      };
      const refused = [401, 'KStatusUnauthorized'];
      expect(await read({})).toEqual(refused);
      expect(await read({ authorization: 'Bearer made.up.token' })).toEqual(refused);
      expect(await read({ apiKey: 'wrong' })).toEqual(refused);
      expect(await read({ apikey: apiKey, accessClusterId: '3141592653589793' })).toEqual([200, undefined]);
    });
  });

  it('labels itself in every answer and in its name', async () => {
    await withPlayed({}, async ({ call }) => {
      const { headers, body } = await call<Readonly<Record<string, unknown>>>('GET', `${v1}/cluster`);
      expect(headers.get('x-copygraph-sandbox')).toBe('cohesity');
      expect(headers.get('content-type')).toBe('application/json');
      expect(body).toMatchObject({
        id: 3141592653589793,
        currentTimeMsecs: moments[0],
        name: expect.stringContaining('sandbox'),
      });
    });
  });

  it('answers an unknown path with 404 and a wrong method with 405', async () => {
    await withPlayed({}, async ({ call }) => {
      expect(await call('GET', `${v1}/nothing`)).toMatchObject({
        status: 404,
        body: { errorCode: 'KEntityNotExistsError' },
      });
      expect(await call('GET', `${v2}/nothing`)).toMatchObject({ status: 404, body: { message: expect.any(String) } });
      expect(await call('POST', `${v1}/protectionRuns`)).toMatchObject({
        status: 405,
        body: { errorCode: 'KMethodNotAllowed' },
      });
      expect(await call('GET', `${v1}/accessTokens`)).toMatchObject({ status: 405 });
    });
  });

  it('survives an odd path and a body that is no JSON', async () => {
    await withPlayed({}, async ({ sandbox, call }) => {
      expect((await call('GET', '//')).status).toBe(404);
      expect((await call('GET', `${v2}/protection-groups/%E0%A4%A/runs`)).status).toBe(400);
      const answer = await fetch(`${sandbox.url}/v2/access-tokens`, { method: 'POST', body: '{' });
      expect(answer.status).toBe(400);
    });
  });

  it('refuses to start with a fault it does not know', async () => {
    await expect(startCohesitySandbox({ faults: ['planned-run-typo'] })).rejects.toThrow(
      /planned-run-typo.*known ones: planned-run-lost-answer/,
    );
  });
});
