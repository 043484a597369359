import { cpSync } from 'node:fs';
import { execSync } from 'node:child_process';

// Builds into out/, which preview:smoke serves.
execSync('npx vite build', { stdio: 'inherit' });
cpSync('dist', 'out', { recursive: true });
