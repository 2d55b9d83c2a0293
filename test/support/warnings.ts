// Node warns of more than ten listeners on one signal. Operators would read it as a leak.
process.on('warning', (warning) => {
  if (warning.name === 'MaxListenersExceededWarning') throw warning;
});
