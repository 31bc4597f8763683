// Plain JavaScript that any Node can read: an older one must get a sentence, not a syntax error.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `This needs Node 22.18 or newer, and this is ${process.version}.\n` +
      'Run it by npm ("npm start", "npm run demo"): that uses the Node 22 which "npm ci" has installed.\n' +
      'If npm runs this Node all the same, its install scripts were skipped: run "npm rebuild node".\n',
  );
  process.exit(1);
}
