// In place of a CDK app: writes an assembly into CDK_OUTDIR, as the file events/word says.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const outdir = process.env.CDK_OUTDIR;
const { rules = 'events' } = JSON.parse(process.env.CDK_CONTEXT_JSON);
const word = readFileSync(join(rules, 'word'), 'utf8');
const asset = `asset.${Buffer.from(word).toString('hex')}`;

const write = (name, value) => writeFileSync(join(outdir, name), JSON.stringify(value));
const writeManifest = (artifacts) => write('manifest.json', { version: '55.0.0', artifacts });
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

mkdirSync(outdir, { recursive: true });
if (word === 'wrong') {
  // As the CDK does at the end of an app that failed.
  writeManifest({});
  console.error('the word is "wrong"');
  process.exit(1);
}
if (word === 'no stack') writeManifest({});
else {
  mkdirSync(join(outdir, asset), { recursive: true });
  writeFileSync(join(outdir, asset, 'index.mjs'), word);
  if (word === 'full') writeFileSync('/dev/full', word);
  if (word === 'wait') {
    writeFileSync('waiting', '');
    while (existsSync('waiting') && !existsSync('go on')) await pause(10);
  }
  if (word === 'changes') writeFileSync('events/word', 'changed');
  write('Fake.template.json', { Description: word });
  write('Fake.assets.json', {
    files: {
      one: { source: { path: asset, packaging: 'zip' }, destinations: { here: { objectKey: word } } },
    },
  });
  writeManifest({
    'Fake.assets': { type: 'cdk:asset-manifest', properties: { file: 'Fake.assets.json' } },
    Fake: { type: 'aws:cloudformation:stack', properties: { templateFile: 'Fake.template.json' } },
  });
}
writeFileSync('runs', '.', { flag: 'a' });
