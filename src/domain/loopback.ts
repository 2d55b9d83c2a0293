/** Whether only programs on this machine can reach a host: a name or address without brackets and port. */
export const isLoopback = (host: string): boolean =>
  /^(?:localhost|::1|127(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3})$/i.test(host);
