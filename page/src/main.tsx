import { render } from 'preact';
import { App } from './App.tsx';
import './style/tokens.css';
import './style/shell.css';
import './style/list.css';
import './style/scenario.css';
import './style/diagram.css';
import './style/explanation.css';
import './style/print.css';

const place = document.getElementById('page');
if (place) render(<App />, place);
