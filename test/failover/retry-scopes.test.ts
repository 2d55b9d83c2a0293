import { describe, expect, it } from 'vitest';
import { retry, startRetryAccount, startRetryCluster, startRetryGateway } from '../support/retry.js';
import { apiKey, bearer } from '../support/keys.js';

const start = async () => {
  const [double, account] = [await startRetryCluster(), await startRetryAccount()];
  const gateway = await startRetryGateway([double.upstream, account.upstream], {
    auth: {
      apiKeys: [
        apiKey('others', ['copy:read', 'failover:execute', 'copy:cancel']),
        apiKey('retrier', ['copy:retry']),
        apiKey('reader', ['copy:read', 'copy:retry']),
        apiKey('stranger', ['copy:read', 'copy:retry'], ['aws-prod']),
      ],
    },
  });
  return { double, gateway, input: { id: double.copyId } };
};

describe('the scope copy:retry', () => {
  it('is needed, for a dry run too, and nothing is asked without', async () => {
    const { double, gateway, input } = await start();
    const { result, errors } = await retry(gateway, { ...input, dryRun: true }, bearer('others'));
    expect(result).toBeNull();
    expect(errors).toMatchObject([{ path: ['retryCopy'], extensions: { code: 'FORBIDDEN' } }]);
    expect(double.seen).toEqual([]);
  });

  it('does not let its holder read the copy', async () => {
    const { gateway, input } = await start();
    const plan = await retry(gateway, { ...input, dryRun: true }, bearer('retrier'));
    const { result, errors } = await retry(gateway, { ...input, planToken: plan.result.planToken }, bearer('retrier'));
    expect(result).toMatchObject({ state: 'REQUESTED', operation: null });
    expect(errors).toMatchObject([
      {
        path: ['retryCopy', 'operation'],
        message: 'CopyRetryAccepted.operation needs the scope copy:read, which you do not have.',
        extensions: { code: 'FORBIDDEN' },
      },
    ]);
  });

  it('lets a colleague press what another has planned', async () => {
    const { gateway, input } = await start();
    const plan = await retry(gateway, { ...input, dryRun: true }, bearer('retrier'));
    const { result } = await retry(gateway, { ...input, planToken: plan.result.planToken }, bearer('reader'));
    expect(result).toMatchObject({ state: 'REQUESTED', operation: { state: 'RUNNING' } });
  });

  it('reaches no upstream that its holder may not see', async () => {
    const { double, gateway, input } = await start();
    const { errors } = await retry(gateway, { ...input, dryRun: true }, bearer('stranger'));
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect(double.seen).toEqual([]);
  });
});
