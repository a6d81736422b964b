import { registerHooks } from 'node:module';

// Prints the URL of every module that the service loads, one a line.
const loaded = new Set();
registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    loaded.add(resolved.url);
    return resolved;
  },
});
await import('../src/index.ts');
process.stdout.write([...loaded].join('\n'));
