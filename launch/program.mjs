// What the engine runs: the program's up-to-date bundle.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

export default require(require('./bundle.cjs').bundle('index.ts')).default;
