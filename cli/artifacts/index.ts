import { basename } from 'node:path';
import { Command } from 'commander';
import { size } from '../../operate/format.ts';
import { examples } from '../options.ts';
import { print, printJson, tableOr } from '../print.ts';
import { progressLine } from '../progress.ts';
import { type Target, targeted, withTarget } from '../target.ts';

export function artifactsCommand(): Command {
  return new Command('artifacts')
    .description('the artifacts that the pulls have made')
    .addCommand(listCommand())
    .addCommand(filesCommand())
    .addCommand(getCommand());
}

function listCommand(): Command {
  return examples(targeted(new Command('list')), 'artifacts list github.com/acme/')
    .description('artifacts by key, 1000 at a time')
    .argument('[prefix]', 'what their keys begin with, as github.com/acme/')
    .option('--cursor <text>', 'where the page before this one ended')
    .action((prefix: string | undefined, options: Target & { cursor?: string }) =>
      withTarget(options, async (connection) => {
        const { listArtifacts } = await import('../../operate/deliveries/artifacts.ts');
        const page = await listArtifacts(connection, prefix, options.cursor);
        if (options.json) return printJson(page);
        tableOr(
          prefix === undefined
            ? 'No artifact yet: a delivery that is pulled makes one, see "hookline deliveries list".'
            : `No artifact whose key begins with ${prefix}: "hookline artifacts list" shows them all.`,
          ['MADE (UTC)', 'SIZE', 'KEY'],
          page.artifacts.map(({ at, bytes, key }) => [at.slice(0, 19).replace('T', ' '), size(bytes), key]),
        );
        if (page.cursor) print(`\nMore: --cursor ${page.cursor}`);
      }),
    );
}

function filesCommand(): Command {
  return examples(targeted(new Command('files')), 'artifacts files github.com/acme/app/refs/heads/main.zip')
    .description('the files of an artifact')
    .argument('<key>', 'its key')
    .action((key: string, options: Target) =>
      withTarget(options, async (connection) => {
        const { artifactFiles } = await import('../../operate/deliveries/artifact-files.ts');
        const { files } = await artifactFiles(connection, key);
        if (options.json) return printJson(files);
        tableOr(
          `${key} has no files: the commit's tree is empty.`,
          ['SIZE', 'PATH'],
          files.map(({ path, bytes }) => [size(bytes), path]),
        );
      }),
    );
}

function getCommand(): Command {
  return examples(
    targeted(new Command('get')),
    'artifacts get github.com/acme/app/refs/heads/main.zip app.zip',
  )
    .description('write an artifact to a file')
    .argument('<key>', 'its key')
    .argument('[file]', 'the file, named after the key by default')
    .action((key: string, file: string | undefined, options: Target) =>
      withTarget(options, async (connection) => {
        const { saveArtifact } = await import('../../operate/deliveries/artifacts.ts');
        const path = file ?? basename(key);
        const line = await progressLine();
        await saveArtifact(connection, key, path, (done, all) => line.show(size(all), done / all)).finally(
          line.done,
        );
        if (options.json) printJson({ key, file: path });
        else print(`Wrote ${path}`);
      }),
    );
}
