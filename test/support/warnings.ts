// Node warns of more than ten listeners on one signal. Operators would read it as a leak.
process.on('warning', ({ name, message }) => {
  if (name === 'MaxListenersExceededWarning' && message.includes('[AbortSignal]')) throw new Error(message);
});
