import { createHash } from 'node:crypto';
import { defineConfig, type Plugin } from 'vite';

const server = process.env.PARLEY_URL ?? 'http://127.0.0.1:3000';
const workerFile = 'sw.js';

/** Tells the service worker which build it belongs to and what that is made of. */
function serviceWorker(): Plugin {
  return {
    name: 'parley-service-worker',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const worker = bundle[workerFile];
        if (worker?.type !== 'chunk') this.error('The service worker was not built.');
        const parts = Object.keys(bundle).filter((name) => /^assets\/.+\.(?:js|css)$/.test(name));
        const paths = ['/', '/logo.svg', ...parts.sort().map((name) => `/${name}`)];
        const html = bundle['index.html'];
        const build = createHash('sha256')
          .update(JSON.stringify([paths, worker.code, html?.type === 'asset' ? String(html.source) : '']))
          .digest('base64url')
          .slice(0, 12);
        worker.code = `const shell=${JSON.stringify({ build, paths })};\n${worker.code}`;
      },
    },
  };
}

export default defineConfig({
  root: import.meta.dirname,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [serviceWorker()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    // Nothing inline: the page runs under a strict Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
    rolldownOptions: {
      input: { index: `${import.meta.dirname}/index.html`, sw: `${import.meta.dirname}/src/service-worker/worker.ts` },
      output: { entryFileNames: (chunk) => (chunk.name === 'sw' ? workerFile : 'assets/[name]-[hash].js') },
    },
  },
  server: {
    proxy: {
      '/api': server,
      '/dev/mail': server,
      '/socket.io': { target: server, ws: true },
    },
  },
});
