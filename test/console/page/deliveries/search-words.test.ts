import { describe, expect, it } from 'vitest';
import { filterOfWords } from '../../../../console/page/deliveries/search-words.ts';

describe('the words of the search box', () => {
  it.each([
    ['failed website main 1h', { outcome: 'failed', repository: 'website', ref: 'main', since: '1h' }],
    ['acme/app  push', { repository: 'acme/app', event: 'push' }],
    ['!Ignored !published', { outcome: '!Ignored,!published' }],
    ['rule:default repo:site branch:x/y', { rule: 'default', repository: 'site', ref: 'x/y' }],
    ['pipeline:failed yesterday', { pipelineStatus: 'failed', since: 'yesterday' }],
    ['84f996d', { commit: '84f996d' }],
    // A word of hexadecimal letters alone is rather a name.
    ['defaced', { repository: 'defaced' }],
    ['8b553ca9-1111-4222-8333-444455556666', { deliveryId: '8b553ca9-1111-4222-8333-444455556666' }],
    ['id:8b553ca9', { deliveryId: '8b553ca9' }],
    ['refs/pull/7/head', { ref: 'refs/pull/7/head' }],
    ['', {}],
  ])('%j ask for %j', (text, filter) => expect(filterOfWords(text)).toEqual(filter));
});
