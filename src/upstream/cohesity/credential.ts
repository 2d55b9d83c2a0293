import { type CohesityAuth, type Credentials, type LoginOptions, createLogin } from './login.js';

type Headers = Readonly<Record<string, string>>;

/** The credentials of the calls to one cluster. */
export interface Credential {
  /** The headers. All callers share the promise, until it is renewed. */
  headers(): Promise<Headers>;
  /** To be called when headers were refused; returns whether there are or will be other ones. */
  renew(used: Promise<Headers>): boolean;
}

type Options = Omit<LoginOptions, 'credentials' | 'readAgain'> & {
  readonly auth: CohesityAuth;
  /** The present credentials in the config: a secret's file may have changed. */
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

/** An API key, which is sent as it is, or a login with its token. */
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
        current.catch(() => undefined); // its callers get the failure
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
