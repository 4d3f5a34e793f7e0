import type { OwnPipelines } from '../../operate/pipelines/pipelines.ts';

/** `GET pipelines` */
export type PipelinesAnswer = OwnPipelines;
