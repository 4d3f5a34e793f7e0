import { logged } from '../shared/logged.ts';
import { once } from '../shared/once.ts';
import { reportSchema } from './input.ts';
import { report } from './report.ts';

const reportOnce = once('report', '[executionArn, outcome]', report);

/** Report: records an outcome. A host that refuses the commit status is part of the answer, not an error. */
export const handler = logged('report', (event, context) => reportOnce(reportSchema.parse(event), context));
