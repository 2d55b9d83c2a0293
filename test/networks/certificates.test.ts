import { writeFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { checkConfig } from '../../src/assembly/check.js';
import { defaultConfig } from '../../src/assembly/config.js';
import { startAwsBackup } from '../support/aws-backup.js';
import { createAuthority, selfSigned, startTls } from '../support/certificates.js';
import { startCohesity } from '../support/cohesity.js';
import { type Fake, awsBackupAt, cohesityAt } from '../support/fake.js';
import { type GatewayOptions, startGateway } from '../support/gateway.js';
import { bearer } from '../support/keys.js';
import { closing } from '../support/products.js';
import { setEnvironment } from '../support/proxy.js';
import { startIssuer } from '../support/tokens.js';

const queries = {
  cohesity: '{ copyRuns { upstreamReports { ok error { code message } } } }',
  aws: '{ copyJobs { upstreamReports { ok error { code message } } } }',
} as const;

beforeEach(() => setEnvironment({ AWS_CA_BUNDLE: undefined }));

const kinds = ['cohesity', 'aws'] as const;
type Kind = (typeof kinds)[number];

/** A double of that product, over TLS with this certificate. */
const startUpstream = async (kind: Kind, certificate: Parameters<typeof startTls>[1]) => {
  const fake: Fake = closing(await (kind === 'cohesity' ? startCohesity() : startAwsBackup()));
  const { port, asked } = await startTls(fake, certificate);
  const at = (host: string, tls?: object) => {
    const url = `https://${host}:${port}`;
    const upstream = kind === 'cohesity' ? { ...cohesityAt(fake), url } : { ...awsBackupAt(fake), endpoint: url };
    return { ...upstream, ...(tls === undefined ? {} : { tls }) };
  };
  return { fake, at, asked };
};

const reportOf = async (kind: Kind, upstream: GatewayOptions['upstreams'][number]) => {
  const gateway = closing(await startGateway({ upstreams: [upstream] }));
  const { data } = await gateway.execute(queries[kind]);
  const [report] = (data.copyRuns ?? data.copyJobs).upstreamReports;
  return { ...report, logs: gateway.logs.join('') };
};

describe.each(kinds)('the certificate of %s', (kind) => {
  it('from the factory is good by caFile and the name that it has, whatever the URL', async () => {
    const factory = selfSigned('/CN=cohesity-cluster/O=Lab');
    const { at, asked } = await startUpstream(kind, factory);
    const tls = { caFile: factory.certFile, serverName: 'cohesity-cluster' };
    expect(await reportOf(kind, at('127.0.0.1', tls))).toMatchObject({ ok: true });
    expect(await reportOf(kind, at('localhost', tls))).toMatchObject({ ok: true });
    expect(asked).toEqual(['cohesity-cluster', 'cohesity-cluster']);
    expect(await reportOf(kind, at('localhost', { ...tls, serverName: 'other' }))).toMatchObject({ ok: false });
  });

  it.each<[string, string, (authority: ReturnType<typeof createAuthority>) => object]>([
    ['nobody vouches for', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', () => ({})],
    [
      'has another name',
      'ERR_TLS_CERT_ALTNAME_INVALID',
      ({ certFile }) => ({ tls: { caFile: certFile, serverName: 'x' } }),
    ],
    ['another CA has signed', 'UNABLE_TO_', () => ({ tls: { caFile: createAuthority().certFile } })],
  ])('that %s is told to callers as that', async (_what, code, options) => {
    const authority = createAuthority();
    const { fake, at } = await startUpstream(kind, authority.issue(['IP:127.0.0.1']));
    const { ok, error, logs } = await reportOf(kind, { ...at('127.0.0.1'), ...options(authority) });
    expect([ok, error]).toEqual([
      false,
      {
        code: 'UPSTREAM_UNAVAILABLE',
        message: `Upstream ${kind === 'cohesity' ? 'dc-east' : 'aws-prod'} could not be reached: its certificate is not trusted.`,
      },
    ]);
    expect(logs).toContain(code);
    expect(fake.seen).toEqual([]);
  });

  it('that has expired is told as that', async () => {
    const authority = createAuthority();
    const { at } = await startUpstream(kind, authority.issue(['IP:127.0.0.1'], '/CN=old', -1));
    const { error, logs } = await reportOf(kind, at('127.0.0.1', { caFile: authority.certFile }));
    expect(error.message).toContain('its certificate is not trusted');
    expect(logs).toContain('CERT_HAS_EXPIRED');
  });

  it('may itself be in caFile, without the CA that signed it', async () => {
    const leaf = createAuthority().issue(['IP:127.0.0.1']);
    const { at } = await startUpstream(kind, leaf);
    expect(await reportOf(kind, at('127.0.0.1', { caFile: leaf.certFile }))).toMatchObject({ ok: true });
  });

  it('is named by `check`', async () => {
    const { at } = await startUpstream(kind, selfSigned('/CN=x', ['IP:127.0.0.1']));
    const { table, ok } = await checkConfig(defaultConfig([at('127.0.0.1')], {}));
    expect(ok).toBe(false);
    expect(table).toContain('its certificate is not trusted. (DEPTH_ZERO_SELF_SIGNED_CERT)');
  });

  it('is read from a file, whose absence is told at the start', async () => {
    const { at } = await startUpstream(kind, selfSigned('/CN=x'));
    await expect(reportOf(kind, at('127.0.0.1', { caFile: '/none.pem' }))).rejects.toThrow(
      /: tls\.caFile: names a file that cannot be read: /,
    );
  });
});

describe('AWS_CA_BUNDLE', () => {
  it('vouches for AWS, and for nothing else', async () => {
    const authority = createAuthority();
    const cert = authority.issue(['IP:127.0.0.1']);
    const [aws, cluster] = [await startUpstream('aws', cert), await startUpstream('cohesity', cert)];
    setEnvironment({ AWS_CA_BUNDLE: authority.certFile });
    expect(await reportOf('aws', aws.at('127.0.0.1'))).toMatchObject({ ok: true });
    expect(await reportOf('cohesity', cluster.at('127.0.0.1'))).toMatchObject({ ok: false });
  });

  it('gives way to tls.caFile', async () => {
    const authority = createAuthority();
    const { at } = await startUpstream('aws', authority.issue(['IP:127.0.0.1']));
    setEnvironment({ AWS_CA_BUNDLE: createAuthority().certFile });
    expect(await reportOf('aws', at('127.0.0.1', { caFile: authority.certFile }))).toMatchObject({ ok: true });
  });

  it('that cannot be read is told at the start', async () => {
    const { at } = await startUpstream('aws', selfSigned('/CN=x'));
    setEnvironment({ AWS_CA_BUNDLE: '/none.pem' });
    await expect(reportOf('aws', at('127.0.0.1'))).rejects.toThrow(
      'upstream aws-prod: AWS_CA_BUNDLE: names a file that cannot be read',
    );
  });
});

describe('the certificate of a key set', () => {
  it('is good by auth.jwt.tls alone', async () => {
    const factory = selfSigned('/CN=keycloak');
    const issuer = await startIssuer();
    const { port } = await startTls(issuer.jwks, factory);
    const cohesity = closing(await startCohesity());
    const statusWith = async (tls?: { caFile?: string; serverName?: string }): Promise<number> => {
      const jwt = {
        ...issuer.config,
        jwksUri: `https://127.0.0.1:${port}/jwks`,
        ...(tls === undefined ? {} : { tls }),
      };
      const gateway = closing(await startGateway({ upstreams: [cohesityAt(cohesity)], auth: { jwt } }));
      return (await gateway.execute(queries.cohesity, {}, bearer(await issuer.token()))).status;
    };
    const tls = { caFile: factory.certFile, serverName: 'keycloak' };
    expect([await statusWith(), await statusWith({ caFile: tls.caFile }), await statusWith(tls)]).toEqual([
      503, 503, 200,
    ]);
    await expect(statusWith({ caFile: '/none.pem' })).rejects.toThrow('auth.jwt.tls.caFile: names a file');
  });

  it('that is no certificate is told at the start', async () => {
    const { certFile } = selfSigned('/CN=x');
    writeFileSync(certFile, 'not a certificate');
    const { at } = await startUpstream('cohesity', selfSigned('/CN=x'));
    await expect(reportOf('cohesity', at('127.0.0.1', { caFile: certFile }))).rejects.toThrow(
      'upstream dc-east: tls.caFile: names a file without a certificate',
    );
  });
});
