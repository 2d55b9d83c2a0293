const open: { close(): Promise<void> }[] = [];

/** Closes it when the test is over. */
export const closing = <T extends { close(): Promise<void> }>(one: T): T => {
  open.push(one);
  return one;
};

/** Closes all that is open, the newest first. */
export const closeAll = async (): Promise<void> => {
  for (const one of open.splice(0).reverse()) await one.close();
};
