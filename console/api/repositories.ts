import type { Repository } from '../../operate/repositories/repository.ts';

export type { RefPointer, StartedPipeline } from '../../operate/repositories/refs.ts';

/** `GET repositories/:host/:owner/:name` */
export type RepositoryAnswer = Repository;
