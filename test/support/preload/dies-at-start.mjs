// Loaded into a server under test: the process of the place DIES_AT_START ends at its start, each time.
import cluster from 'node:cluster';

if (cluster.isWorker && process.env.PARLEY_PROCESS === process.env.DIES_AT_START) process.exit(7);
