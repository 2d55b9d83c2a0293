import type { Config } from './config.js';
import { connect } from './connect.js';
import { toReportedError } from './domain/error-code.js';
import { UpstreamError } from './domain/upstream-error.js';
import { readTrustedDocuments } from './trusted-documents.js';

interface Row {
  readonly upstream: string;
  readonly kind: string;
  readonly result: string;
  readonly detail: string;
}

const describe = (error: unknown): string =>
  error instanceof UpstreamError ? `${toReportedError(error).message} (${error.message})` : 'unexpected failure';

/** Reaches each upstream once, with the call that readiness makes, and says how it went. Throws a `ConfigError` as the server would. */
export const checkUpstreams = async (config: Config): Promise<{ readonly table: string; readonly ok: boolean }> => {
  readTrustedDocuments(config);
  const connected = connect(config);
  const rows = await Promise.all(
    connected.map(async ({ speaking, reach, close }): Promise<Row> => {
      const { name, kind } = speaking.upstream;
      const started = performance.now();
      try {
        const detail = await reach();
        return {
          upstream: name,
          kind,
          result: 'ok',
          detail: `${detail}, ${Math.round(performance.now() - started)} ms`,
        };
      } catch (error) {
        return { upstream: name, kind, result: 'FAILED', detail: describe(error) };
      } finally {
        await close();
      }
    }),
  );
  return {
    table: format([{ upstream: 'UPSTREAM', kind: 'KIND', result: 'RESULT', detail: 'DETAIL' }, ...rows]),
    ok: rows.every(({ result }) => result === 'ok'),
  };
};

const format = (rows: readonly Row[]): string => {
  const width = (column: 'upstream' | 'kind' | 'result') => Math.max(...rows.map((row) => row[column].length));
  const [upstream, kind, result] = [width('upstream'), width('kind'), width('result')];
  return rows
    .map(
      (row) =>
        `${row.upstream.padEnd(upstream)}  ${row.kind.padEnd(kind)}  ${row.result.padEnd(result)}  ${row.detail}`,
    )
    .join('\n');
};
