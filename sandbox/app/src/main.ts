import { runtimeConfig } from './lib/runtimeConfig.ts';

const root = document.getElementById('root');
if (!root) throw new Error('the document has no root');

try {
  const [, { start }] = await Promise.all([runtimeConfig(), import('./App.ts')]);
  start(root);
} catch (error) {
  const heading = document.createElement('h1');
  heading.textContent = 'This site is not configured';
  const reason = document.createElement('pre');
  reason.textContent = error instanceof Error ? error.message : 'unknown';
  root.replaceChildren(heading, reason);
}
