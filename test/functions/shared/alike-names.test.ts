import { expect, it } from 'vitest';
import { alikeNames } from '../../../functions/shared/alike-names.ts';
import { answeredCalls } from '../../support/functions/answer-calls.ts';

const answers = answeredCalls();

it('the pipelines that may be copies of a template are found on every page', async () => {
  const asked: unknown[] = [];
  const pages: Record<string, object> = {
    first: {
      pipelines: [{ name: 'app-main-0a1b2c' }, {}, { name: 'app' }, { name: 'my-app-x-0a1b2c' }],
      nextToken: 'second',
    },
    second: { nextToken: 'third' },
    third: {
      pipelines: ['app-0a1b2c', 'app-main-0a1b2', 'app-main-0a1b2g', 'apps-0a1b2c'].map((name) => ({ name })),
    },
  };
  answers.ListPipelines = (input) => {
    asked.push(input);
    return pages[String(input.nextToken ?? 'first')];
  };
  expect(await alikeNames('app')).toEqual(['app-main-0a1b2c', 'app-0a1b2c']);
  expect(asked).toEqual([undefined, 'second', 'third'].map((nextToken) => ({ maxResults: 1000, nextToken })));
});
