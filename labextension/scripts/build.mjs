// Bundles the extension with node alone, against the metadata of the oldest JupyterLab that is
// supported: the versions in it are what the bundle demands of its host.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const builder = dirname(createRequire(import.meta.url).resolve('@jupyter/builder/package.json'));
const words = [
  join(builder, 'lib', 'build-labextension.js'),
  '--core-package-file',
  join(root, 'core-floor.package.json'),
  ...process.argv.slice(2),
  '.'
];
const done = spawnSync(process.execPath, words, { cwd: root, stdio: 'inherit' });
process.exit(done.status ?? 1);
