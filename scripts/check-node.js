// Plain JavaScript for any Node: the other scripts need 24 to be read at all.
const needed = 24;

if (Number(process.versions.node.split('.')[0]) < needed) {
  process.stderr.write(
    `SecureConnect needs Node ${needed} or later, and this is ${process.versions.node}: install a later one, for example from https://nodejs.org.\n`,
  );
  process.exit(1);
}
