import { logged } from '../shared/logged.ts';
import { reportSchema } from './input.ts';
import { report } from './report.ts';

/**
 * Report: records an outcome. A host that refuses the commit status is part of the answer, not an error; for the last one the
 * machine calls again while the host may take it later. Whoever was cut off does all of it again, which leaves what is recorded
 * and said as it is.
 */
export const handler = logged('report', (event) => report(reportSchema.parse(event)));
