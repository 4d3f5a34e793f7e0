import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { keepToken } from './api/token.ts';
import { App } from './app.tsx';
import { followLook } from './parts/look.ts';
import './styles/index.css';

keepToken();
followLook();

const root = document.getElementById('root');
if (!root) throw new Error('the page has no #root');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
