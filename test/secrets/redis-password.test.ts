import { expect, it } from 'vitest';
import { cohesityAt } from '../support/fake.js';
import { startGateway } from '../support/gateway.js';
import { closing } from '../support/products.js';
import { describeWithRedis, startRedis } from '../support/redis.js';
import { leaksIn } from './leaks.js';
import { until } from '../support/until.js';

const secrets = { password: 'rp7Qx2mZ9tLw4', wrong: 'wr0ngRp8Kd3Vy5' };
const upstreams = [cohesityAt({ url: 'http://127.0.0.1:9' })];
const query = '{ copyRuns { totalCount upstreamReports { error { message } } } }';

describeWithRedis('the password of Redis', () => {
  it('is told by nobody, whether it is right, wrong, or Redis goes away', async () => {
    const redis = await startRedis(secrets.password);
    const wrongUrl = redis.url.replace(secrets.password, secrets.wrong);
    const [good, bad] = await Promise.all(
      [redis.url, wrongUrl].map((url) => startGateway({ upstreams, redis: { url }, cache: {} })),
    );
    const gateways = [good, bad].filter((one) => one !== undefined).map(closing);
    const answers = await Promise.all(gateways.map((gateway) => gateway.execute(query)));
    expect(bad?.logs.join('')).toMatch(/"reason":"WRONGPASS"/);
    await redis.kill();
    await until(() => expect(good?.logs.join('')).toMatch(/Redis is lost/));
    answers.push(...(await Promise.all(gateways.map((gateway) => gateway.execute(query)))));
    const text = [...gateways.flatMap(({ logs }) => logs), JSON.stringify(answers)].join('\n');
    expect(leaksIn(text, secrets)).toEqual([]);
  });
});
