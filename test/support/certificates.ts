import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { closing } from './closing.js';
import { listening } from './listening.js';

/** A certificate, and the files that it and its key are in. */
interface Certificate {
  readonly certFile: string;
  readonly cert: Buffer;
  readonly key: Buffer;
}

interface Authority extends Certificate {
  /** A certificate for these names and addresses, such as `DNS:cluster.invalid`; for none, only its subject names it. */
  issue(names: readonly string[], subject?: string, days?: number): Certificate;
}

const folderOf = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'copygraph-tls-'));
  closing({ close: async () => rmSync(folder, { recursive: true }) });
  return folder;
};

const openssl = (...parameters: readonly string[]): void =>
  void execFileSync('openssl', parameters, { stdio: ['ignore', 'ignore', 'pipe'] });

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** One that vouches for itself, as a cluster's does from the factory. */
export const selfSigned = (subject: string, names: readonly string[] = []): Certificate => {
  const folder = folderOf();
  const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const extensions = names.length === 0 ? [] : ['-addext', `subjectAltName=${names.join()}`];
  openssl(
    'req',
    '-x509',
    ...newKey,
    '-days',
    '30',
    '-subj',
    subject,
    ...extensions,
    '-keyout',
    keyFile,
    '-out',
    certFile,
  );
  return { certFile, cert: readFileSync(certFile), key: readFileSync(keyFile) };
};

/** A CA that only this test knows. */
export const createAuthority = (): Authority => {
  const root = selfSigned('/CN=Test CA');
  const folder = folderOf();
  writeFileSync(join(folder, 'ca.key'), root.key);
  let issued = 0;
  return {
    ...root,
    issue: (names, subject = '/CN=leaf', days = 30) => {
      issued += 1;
      const at = (name: string): string => join(folder, `${issued}.${name}`);
      openssl('req', ...newKey, '-subj', subject, '-keyout', at('key'), '-out', at('csr'));
      writeFileSync(at('ext'), names.length === 0 ? '' : `subjectAltName=${names.join()}\n`);
      const signer = ['-CA', root.certFile, '-CAkey', join(folder, 'ca.key'), '-set_serial', String(issued)];
      openssl(
        'x509',
        '-req',
        '-in',
        at('csr'),
        ...signer,
        '-days',
        String(days),
        '-extfile',
        at('ext'),
        '-out',
        at('pem'),
      );
      return { certFile: at('pem'), cert: readFileSync(at('pem')), key: readFileSync(at('key')) };
    },
  };
};

/** Ends TLS in front of a server on loopback, as a load balancer does; yields its port and the names it was asked for. */
export const startTls = async ({ url }: { readonly url: string }, { key, cert }: Certificate) => {
  const asked: (string | false)[] = [];
  const sockets = new Set<{ destroy(): void }>();
  const server = createServer({ key, cert }, (socket) => {
    asked.push(socket.servername ?? false);
    const inner = connect(Number(new URL(url).port), '127.0.0.1');
    for (const one of [socket, inner]) {
      sockets.add(one);
      one.on('error', () => undefined);
    }
    socket.pipe(inner).pipe(socket);
  });
  server.on('tlsClientError', () => undefined);
  return { port: await listening(server, sockets), asked };
};
