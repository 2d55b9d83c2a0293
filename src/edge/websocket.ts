import type { IncomingMessage } from 'node:http';
import { CloseCode, handleProtocols, makeServer } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Principal } from '../domain/principal.js';
import { repeatedCredentials } from './authentication.js';
import { whenPast } from './expiry.js';
import { isWelcomeOrigin, misdirectionOf } from './origin.js';
import { refusalBody, shuttingDown } from './refusal.js';
import { createStrangers } from './strangers.js';
import { type TakeOver, refuseUpgrade } from './upgrade.js';
import { type Session, type SessionOptions, createSessionOptions, sweep } from './websocket-session.js';

interface WebSocketsOptions extends Omit<SessionOptions, 'draining' | 'initTimeoutMs' | 'maxOperations'> {
  readonly maxStrangers: number;
}

/** The WebSockets of one gateway; they outlive the graph they were opened on. */
interface WebSockets {
  readonly takeOver: TakeOver;
  /** Closes the sockets of callers that would not be admitted now. */
  review(): void;
  /** Closes each socket once its last operation has ended. Resolves when none is left. */
  drain(): Promise<void>;
  /** Cuts off sockets whose operations all match. */
  cutWhere(isMeant: (operation: Request) => boolean): void;
}

const INIT_TIMEOUT_MS = 3000;
const KEEP_ALIVE_MS = 12_000;
const CLOSE_TIMEOUT_MS = 2000; // for the other side to close
const MAX_OPERATIONS = 100; // at once on one socket
const MAX_SOCKETS = 2000; // with a known caller
/** A caller that sends requests and never reads would fill the memory with answers. */
const MAX_UNREAD_BYTES = 16 * 1024 * 1024;
const GOING_AWAY = 1001;

const foreign = refusalBody('FORBIDDEN', 'Pages of that origin may not open a WebSocket here; see cors.origins.');
const full = refusalBody('RATE_LIMITED', 'The limit on open WebSockets is reached; try again later.');

/** Makes the acceptor of WebSockets with a limit on message size, in bytes. */
const createAcceptors = (): ((maxPayload: number) => WebSocketServer) => {
  const known = new Map<number, WebSocketServer>();
  return (maxPayload) => {
    const settings = {
      noServer: true,
      maxPayload,
      clientTracking: false, // done here
      perMessageDeflate: false, // a few bytes can expand to many
      closeTimeout: CLOSE_TIMEOUT_MS, // its types lack it still
      handleProtocols,
    };
    const acceptor = known.get(maxPayload) ?? new WebSocketServer(settings);
    known.clear();
    known.set(maxPayload, acceptor);
    return acceptor;
  };
};

/**
 * GraphQL over WebSockets by the subprotocol `graphql-transport-ws`. A socket without a valid key or token, or whose
 * token expires, is closed with 4401. No operation runs before its caller is known.
 */
export const createWebSockets = (options: WebSocketsOptions): WebSockets => {
  const { graph, maxStrangers, log, admission } = options;
  const sessions = new Map<Session, WebSocket>();
  const owners = new WeakMap<Session, () => boolean>();
  const strangers = createStrangers<Session>(maxStrangers, (session) => sessions.get(session)?.terminate());
  let members = 0;
  let draining = false;
  let emptied = (): void => undefined;
  const protocol = makeServer(
    createSessionOptions({
      ...options,
      initTimeoutMs: INIT_TIMEOUT_MS,
      maxOperations: MAX_OPERATIONS,
      draining: () => draining,
    }),
  );
  const acceptorOf = createAcceptors();

  const release = (request: Request): void => admission.release(request);
  const leaveIfIdle = (session: Session): void => {
    if (draining && session.operations.size === 0) session.shut(GOING_AWAY, 'Going away');
  };

  /** Handles the socket's messages until it is closed. */
  const open = (socket: WebSocket, upgrade: IncomingMessage): void => {
    let callOff = (): void => undefined;
    let answersPings = true;
    let owner: Principal | null = null;
    const session: Session = {
      upgrade,
      operations: new Map(),
      get principal() {
        return owner;
      },
      context: null,
      welcome: (principal, isWelcome) => {
        if (members >= MAX_SOCKETS) return false;
        owner = principal;
        owners.set(session, isWelcome);
        strangers.leave(session);
        if (socket.readyState !== socket.OPEN) return true;
        members += 1;
        socket.once('close', () => (members -= 1));
        callOff = whenPast(principal.expiresAt, () => session.shut(CloseCode.Unauthorized, 'Unauthorized'));
        return true;
      },
      shut: (code, reason) => {
        socket.close(code, reason);
        for (const { controller } of session.operations.values()) controller.abort();
      },
    };
    sessions.set(session, socket);
    strangers.enter(session);

    const isFlooding = (): boolean => {
      if (socket.bufferedAmount <= MAX_UNREAD_BYTES) return false;
      socket.terminate();
      return true;
    };
    const receive = async (take: (text: string) => Promise<void>, text: string): Promise<void> => {
      if (socket.readyState !== socket.OPEN || isFlooding()) return;
      try {
        const taken = take(text);
        sweep(session, release); // a `complete` has had its effect by now, so there is room for another operation
        await taken;
      } catch (err) {
        log({ err }, 'a message of a WebSocket could not be handled');
        session.shut(CloseCode.InternalServerError, 'Internal server error');
      }
      sweep(session, release);
      leaveIfIdle(session);
    };

    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        // Waits until it is sent, so that a slow reader delays only its own streams and uses no memory.
        send: (text) =>
          new Promise((resolve) => {
            if (socket.readyState === socket.OPEN) socket.send(text, () => resolve());
            else resolve();
          }),
        close: (code, reason) => socket.close(code, reason),
        onMessage: (take) => socket.on('message', (data) => void receive(take, String(data))),
      },
      session,
    );

    const keepAlive = setInterval(() => {
      if (!answersPings) return socket.terminate();
      answersPings = false;
      socket.ping();
    }, KEEP_ALIVE_MS);
    socket.on('pong', () => (answersPings = true));
    socket.on('ping', isFlooding);
    socket.on('error', () => undefined); // after a message too large or an invalid frame it closes by itself
    socket.once('close', (code, reason) => {
      clearInterval(keepAlive);
      callOff();
      sessions.delete(session);
      if (sessions.size === 0) emptied();
      strangers.leave(session);
      void closed(code, String(reason)).catch((err: unknown) => log({ err }, 'a WebSocket ended with an error'));
      sweep(session, release);
    });
    leaveIfIdle(session);
  };

  return {
    takeOver: (request, socket, head) => {
      const { hosts, maxMessageBytes } = graph();
      const misdirection = misdirectionOf(request, hosts);
      const ambiguity = repeatedCredentials(request);
      if (draining) {
        refuseUpgrade(socket, request, '503 Service Unavailable', shuttingDown);
      } else if (misdirection !== null) {
        refuseUpgrade(socket, request, `${misdirection.status} ${misdirection.reason}`, misdirection.body);
      } else if (ambiguity !== null) {
        refuseUpgrade(socket, request, '400 Bad Request', ambiguity);
      } else if (!isWelcomeOrigin(request, hosts.origins)) {
        refuseUpgrade(socket, request, '403 Forbidden', foreign);
      } else if (members >= MAX_SOCKETS) {
        refuseUpgrade(socket, request, '503 Service Unavailable', full);
      } else {
        acceptorOf(maxMessageBytes).handleUpgrade(request, socket, head, open);
      }
    },
    review: () => {
      for (const session of [...sessions.keys()])
        if (owners.get(session)?.() === false) session.shut(CloseCode.Unauthorized, 'Unauthorized');
    },
    drain: () => {
      draining = true;
      const empty = new Promise<void>((resolve) => (emptied = resolve));
      if (sessions.size === 0) emptied();
      for (const session of [...sessions.keys()]) leaveIfIdle(session);
      return empty;
    },
    cutWhere: (isMeant) => {
      for (const [{ operations }, socket] of [...sessions]) {
        if ([...operations.values()].every(({ request }) => isMeant(request))) socket.terminate();
      }
    },
  };
};
