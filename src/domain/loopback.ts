/** Whether only programs of this machine can reach what listens there: a name or address without brackets and port. */
export const isLoopback = (host: string): boolean =>
  /^(?:localhost|::1|127(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3})$/i.test(host);
