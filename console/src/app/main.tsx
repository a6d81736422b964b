import '../ui/theme.css';
import { render } from 'preact';
import { chosenTheme, showTheme } from '../ui/theme.ts';
import { App } from './app.tsx';

showTheme(chosenTheme());
const root = document.getElementById('app');
if (root === null) throw new Error('index.html has no element "app"');
render(<App />, root);
