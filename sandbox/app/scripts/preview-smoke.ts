import { existsSync, readFileSync } from 'node:fs';

// Looks at out/ alone: no address, no deploy.
if (!existsSync('out/index.html')) throw new Error('out/ has no build: npm run preview:build');
if (!readFileSync('out/index.html', 'utf8').includes('id="root"')) throw new Error('the document has no root');
console.log('out/ is a build of this application');
