import { resourceDocument } from './document.ts';

// https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-language-api-permissions-reference.html
const ACTIONS: ReadonlySet<string> = new Set(
  `AddPermission DeleteTopic GetDataProtectionPolicy GetTopicAttributes ListSubscriptionsByTopic ListTagsForResource Publish
  PutDataProtectionPolicy Receive RemovePermission SetTopicAttributes Subscribe`
    .toLowerCase()
    .split(/\s+/),
);

/** The policy of a topic, which names actions on topics alone. */
export const topicDocument = resourceDocument.refine(
  (statements) =>
    statements
      .flatMap(({ Action = [] }) => Action)
      .every((action) => /^sns:/i.test(action) && ACTIONS.has(action.slice('sns:'.length).toLowerCase())),
  'Policy statement action out of service scope!',
);
