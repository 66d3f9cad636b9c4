import { render } from 'preact';
import { App } from './app.js';
import { restore } from './app/account.js';
import { startLanguage } from './app/language.js';
import './styles/index.css';

restore().catch(() => undefined);

const root = document.getElementById('app');
await startLanguage();
if (root) render(<App />, root);

// Developed pages change by the minute; only a build has a shell to keep.
if (import.meta.env.PROD && 'serviceWorker' in navigator) navigator.serviceWorker.register('/sw.js').catch(() => undefined);
