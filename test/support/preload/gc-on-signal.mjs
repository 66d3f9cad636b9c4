// Loaded into a server under test together with --expose-gc: SIGUSR2 makes it throw away its garbage, so that what stays can be counted.
process.on('SIGUSR2', () => globalThis.gc());
