import { pipelineWord, shortRef } from '../../operate/format.ts';
import { listOwnPipelines, type OwnPipeline, type TemplateUse } from '../../operate/pipelines/pipelines.ts';
import { print, printJson, tableOr } from '../print.ts';
import { type Target, withTarget } from '../target.ts';

export function printPipelines(options: Target): Promise<void> {
  return withTarget(options, async (connection) => {
    const { pipelines, templates } = await listOwnPipelines(connection);
    if (options.json) return printJson({ pipelines, templates });
    tableOr(
      templates.length === 0
        ? 'No rule makes a pipeline for each branch or pull request: docs/rules.md says how one does.'
        : 'No branch and no pull request has a pipeline: the first delivery that a rule takes makes one.',
      ['PIPELINE', 'REPOSITORY', 'FOR', 'RESULT', 'LAST RUN (UTC)', 'GOES (UTC)'],
      pipelines.map(cellsOf),
    );
    if (templates.length > 0) print('');
    for (const use of templates) print(useText(use));
  });
}

const cellsOf = (pipeline: OwnPipeline): string[] => [
  pipeline.name,
  pipeline.repository,
  subjectOf(pipeline),
  pipeline.status === '' ? '–' : pipelineWord(pipeline.status),
  minute(pipeline.lastRunAt) || '–',
  pipeline.template === undefined
    ? 'never: no rule makes it, delete it'
    : minute(pipeline.goesAt ?? '') || (pipeline.idleDays === 'never' ? 'never' : '–'),
];

/** `feature/login`, `#12 topic` */
const subjectOf = ({ ref, pullRequest }: OwnPipeline): string =>
  pullRequest === undefined ? shortRef(ref) : `#${pullRequest} ${shortRef(ref)}`;

const minute = (iso: string): string => iso.slice(0, 16).replace('T', ' ');

const useText = ({ template, rule, pipelines, limit }: TemplateUse): string =>
  `${template}: ${pipelines} of the ${limit} that rule ${rule} allows`;
