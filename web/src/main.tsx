import { render } from 'preact';
import { App } from './app.js';
import { restore } from './app/account.js';
import './styles/index.css';

restore().catch(() => undefined);

const root = document.getElementById('app');
if (root) render(<App />, root);
