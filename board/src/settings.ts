/** The settings that the gateway writes into the page. */
export interface Settings {
  readonly keyed: boolean;
  readonly sandbox: boolean;
  readonly graphiql: boolean;
  readonly offsiteLagHours: number;
  readonly lookBackHours: number;
}

const defaults: Settings = { keyed: false, sandbox: false, graphiql: false, offsiteLagHours: 24, lookBackHours: 168 };

const root = document.querySelector<HTMLElement>('#board');

/** The element that contains the page. */
export const place: HTMLElement = root ?? document.body;

export const settings: Settings = { ...defaults, ...(JSON.parse(root?.dataset['settings'] ?? '{}') as Settings) };
