import { ListPipelinesCommand } from '@aws-sdk/client-codepipeline';
import { BRANCH_PIPELINE_END } from '../../events/branch-pipeline-name.ts';
import { codepipeline } from './codepipeline.ts';

/** The pipelines whose names are like those of a template's copies. */
export async function alikeNames(template: string): Promise<string[]> {
  const names: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await codepipeline().send(new ListPipelinesCommand({ maxResults: 1000, nextToken }));
    names.push(...(page.pipelines ?? []).flatMap(({ name }) => name ?? []));
    nextToken = page.nextToken;
  } while (nextToken);
  return names.filter((name) => name.startsWith(`${template}-`) && BRANCH_PIPELINE_END.test(name));
}
