import { type CohesityAuth, type Credentials, type LoginOptions, createLogin } from './login.js';

type Headers = Readonly<Record<string, string>>;

/** How the calls to one cluster say who we are. */
export interface Credential {
  /** The headers for it. The promise is everyone's, and the same one until it is renewed. */
  headers(): Promise<Headers>;
  /** Told of headers that were refused; whether there are others now, or will be. */
  renew(used: Promise<Headers>): boolean;
}

type Options = Omit<LoginOptions, 'credentials' | 'readAgain'> & {
  readonly auth: CohesityAuth;
  /** What the config says now: a secret may have come from a file that was written since. */
  readonly readAgain: () => CohesityAuth | null;
};

const createKey = (apiKey: string, readAgain: Options['readAgain']): Credential => {
  let known = apiKey;
  let current = Promise.resolve<Headers>({ apiKey });
  return {
    headers: () => current,
    renew: (used) => {
      if (used !== current) return true;
      const fresh = readAgain();
      if (fresh === null || !('apiKey' in fresh) || fresh.apiKey === known) return false;
      known = fresh.apiKey;
      current = Promise.resolve<Headers>({ apiKey: known });
      return true;
    },
  };
};

const credentialsIn = (auth: CohesityAuth | null): Credentials | null =>
  auth === null || 'apiKey' in auth ? null : auth;

/** A key that is sent as it is, or a login whose token is. */
export const createCredential = ({ auth, readAgain, ...options }: Options): Credential => {
  if ('apiKey' in auth) return createKey(auth.apiKey, readAgain);
  const login = createLogin({ ...options, credentials: auth, readAgain: () => credentialsIn(readAgain()) });
  const made = new WeakMap<Promise<Headers>, Promise<string>>();
  let [token, current]: [Promise<string> | null, Promise<Headers> | null] = [null, null];
  return {
    headers: () => {
      const used = login.authorization();
      if (used !== token || current === null) {
        token = used;
        current = used.then((authorization) => ({ authorization }));
        current.catch(() => undefined); // whoever waits for it is told
        made.set(current, used);
      }
      return current;
    },
    renew: (used) => {
      const refused = made.get(used);
      if (refused !== undefined) login.forget(refused);
      return true;
    },
  };
};
