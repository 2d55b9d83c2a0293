import { render } from 'preact';
import { App } from './app.js';
import { place } from './settings.js';
import './style.css';

place.replaceChildren();
render(<App />, place);
