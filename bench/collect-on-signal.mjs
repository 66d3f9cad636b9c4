// Loaded into every measured server, so that memory is compared after a garbage collection and not at its whim.
process.on('SIGUSR2', () => globalThis.gc?.());
